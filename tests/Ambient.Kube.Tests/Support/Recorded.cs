namespace Ambient.Kube.Tests.Support;

/// <summary>One request as the scripted server saw it.</summary>
internal sealed record Recorded(string Method, string Path, string Query, string Body, IReadOnlyDictionary<string, string> Headers);
