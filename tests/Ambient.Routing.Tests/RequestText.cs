using Ambient.Core.Requests;
using Ambient.Routing.Matching;

namespace Ambient.Routing.Tests;

/// <summary>Requests on one line, so that tables stay readable: <c>GET http://host:port/path?query name=value …</c>.</summary>
internal static class RequestText
{
    public static RequestFacts Parse(string text, int port = 80, string? sourceNamespace = null)
    {
        string[] parts = text.Split(' ');
        string[] url = parts[1].Split("://", 2);
        int slash = url[1].IndexOf('/', StringComparison.Ordinal);
        string[] target = url[1][slash..].Split('?', 2);
        return new RequestFacts
        {
            Method = parts[0],
            Scheme = url[0],
            Authority = url[1][..slash],
            Path = target[0],
            Query = target.Length > 1 ? target[1] : "",
            Port = port,
            SourceNamespace = sourceNamespace,
            Headers = new Lines(parts.Skip(2).Select(h => h.Split('=', 2)).ToDictionary(h => h[0], h => h[1])),
        };
    }

    internal sealed class Lines(Dictionary<string, string> values) : IRequestHeaders
    {
        public string? ValueOf(string name) => values.GetValueOrDefault(name);
    }
}
