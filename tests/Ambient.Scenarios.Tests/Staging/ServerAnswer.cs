namespace Ambient.Scenarios.Tests.Staging;

/// <summary>What <see cref="PodHttpServer"/> answers.</summary>
/// <param name="Headers">Whole lines: <c>name: value</c>.</param>
internal sealed record ServerAnswer(int Status, string Body = "", params string[] Headers);
