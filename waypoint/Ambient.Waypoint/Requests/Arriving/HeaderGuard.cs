using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Ambient.Waypoint.Requests.Arriving;

/// <summary>
/// Headers that two servers could read differently, beyond what Kestrel refuses; and those that nobody but us may write, which go.
/// </summary>
internal static class HeaderGuard
{
    private static readonly SearchValues<char> s_token = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private static readonly SearchValues<char> s_breaks = SearchValues.Create("\r\n\0");

    /// <summary>Nominated by a Connection header these would take away what the message is: that is never meant.</summary>
    private static readonly string[] s_essential = ["host", "content-length", "transfer-encoding", "content-type", "content-encoding"];

    /// <summary>The reason why the request is refused, or null.</summary>
    public static string? Check(HttpContext http, bool isGateway)
    {
        IHeaderDictionary headers = http.Request.Headers;
        bool http1 = http.Request.Protocol is "HTTP/1.1" or "HTTP/1.0";
        return (http1 ? CheckFraming(http.Request) : CheckHttp2(headers))
            ?? RemoveNominated(headers, http1)
            ?? CheckEach(headers, isGateway);
    }

    // Kestrel prefers chunked where both are there and keeps the length aside under another name; we refuse (RFC 9112 §6.1).
    private static string? CheckFraming(HttpRequest request)
    {
        IHeaderDictionary headers = request.Headers;
        StringValues encoding = headers.TransferEncoding;
        if (encoding.Count == 0)
        {
            return null;
        }

        return headers.ContentLength is not null || headers.ContainsKey("X-Content-Length") ? "the request has both a length and a transfer encoding"
            : request.Protocol == "HTTP/1.0" ? "HTTP/1.0 knows no transfer encoding"
            : encoding.Count > 1 || !string.Equals(encoding[0]?.Trim(), "chunked", StringComparison.OrdinalIgnoreCase) ? "the transfer encoding is not chunked alone"
            : null;
    }

    // RFC 9113 §8.2.2: a message with one of these is malformed.
    private static string? CheckHttp2(IHeaderDictionary headers) =>
        headers.ContainsKey("Transfer-Encoding") || headers.ContainsKey("Connection") || headers.ContainsKey("Keep-Alive")
            || headers.ContainsKey("Proxy-Connection") || headers.ContainsKey("Upgrade")
            ? "HTTP/2 has no headers about the connection"
            : null;

    // Kestrel shows a Connection header with close or keep-alive as just that: what it names beside then passes like any other header, to policies
    // as to the endpoint.
    private static string? RemoveNominated(IHeaderDictionary headers, bool http1)
    {
        if (!http1 || headers.Connection.Count == 0)
        {
            return null;
        }

        foreach (string? line in headers.Connection)
        {
            if (line is null || IsPlain(line))
            {
                continue;
            }

            foreach (string name in line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (s_essential.Contains(name, StringComparer.OrdinalIgnoreCase))
                {
                    return $"the Connection header names {name.ToLowerInvariant()}";
                }

                if (!IsPlain(name) && !name.Equals("te", StringComparison.OrdinalIgnoreCase))
                {
                    headers.Remove(name);
                }
            }
        }

        return null;
    }

    private static bool IsPlain(string option) =>
        option.Equals("close", StringComparison.OrdinalIgnoreCase) || option.Equals("keep-alive", StringComparison.OrdinalIgnoreCase)
        || option.Equals("upgrade", StringComparison.OrdinalIgnoreCase);

    private static string? CheckEach(IHeaderDictionary headers, bool isGateway)
    {
        List<string>? remove = null;
        foreach ((string name, StringValues values) in headers)
        {
            if (name.AsSpan().ContainsAnyExcept(s_token) || name.Length == 0)
            {
                return "a header has a name that no header can have";
            }

            foreach (string? value in values)
            {
                if (value is not null && value.AsSpan().ContainsAny(s_breaks))
                {
                    return $"the header {name.ToLowerInvariant()} has a line break or NUL";
                }
            }

            if (GuardedHeaders.MustGo(name, isGateway))
            {
                (remove ??= []).Add(name);
            }
        }

        foreach (string name in remove ?? [])
        {
            headers.Remove(name);
        }

        return null;
    }
}
