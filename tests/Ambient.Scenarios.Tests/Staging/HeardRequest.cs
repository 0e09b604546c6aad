namespace Ambient.Scenarios.Tests.Staging;

/// <summary>A request as <see cref="PodHttpServer"/> heard it. Names of headers in lower case; of several of one name the last counts.</summary>
internal sealed record HeardRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers)
{
    public string this[string header] => Headers.GetValueOrDefault(header, "");
}
