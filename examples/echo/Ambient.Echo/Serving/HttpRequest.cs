using System.Globalization;

namespace Ambient.Echo.Serving;

/// <summary>The head of an HTTP/1.x request; header names in lower case, repeated ones joined.</summary>
internal sealed record HttpRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, int BodyLength, bool Close)
{
    /// <summary>Null when it is not HTTP/1.x, or has a body of unknown length.</summary>
    public static HttpRequest? Parse(string head)
    {
        var lines = head.Split("\r\n");
        var first = lines[0].Split(' ');
        if (first.Length != 3 || !first[2].StartsWith("HTTP/1.", StringComparison.Ordinal))
        {
            return null;
        }

        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines.Skip(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                return null;
            }

            var name = line[..colon].ToLowerInvariant();
            var value = line[(colon + 1)..].Trim();
            headers[name] = headers.TryGetValue(name, out var before) ? $"{before}, {value}" : value;
        }

        var length = 0;
        if (headers.ContainsKey("transfer-encoding")
            || (headers.TryGetValue("content-length", out var text) && !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out length)))
        {
            return null;
        }

        var connection = headers.GetValueOrDefault("connection", "");
        var close = connection.Contains("close", StringComparison.OrdinalIgnoreCase)
            || (first[2] == "HTTP/1.0" && !connection.Contains("keep-alive", StringComparison.OrdinalIgnoreCase));
        return new HttpRequest(first[0], first[1], headers, length, close);
    }
}
