using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Ambient.Waypoint.Requests.Arriving;

/// <summary>The request target as it stood on the wire, in the one form that goes on (RFC 9112 §3.2): path and query.</summary>
internal static class RequestTarget
{
    /// <summary>The reason why not, or null.</summary>
    /// <param name="target">What came, also when it is refused.</param>
    public static string? TryRead(HttpContext http, out string target, out string? code)
    {
        code = null;
        string raw = http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        target = raw.Length > 0 ? raw : http.Request.PathBase + http.Request.Path + http.Request.QueryString.Value;
        if (HttpMethods.IsConnect(http.Request.Method)
            && http.Features.Get<IHttpExtendedConnectFeature>() is not { IsExtendedConnect: true })
        {
            code = ReasonCodes.BadRequest;
            return "CONNECT is not for this proxy";
        }

        if (target.StartsWith('/'))
        {
            return null;
        }

        int authority = target.IndexOf("://", StringComparison.Ordinal);
        if (authority > 0)
        {
            // The server has seen to it that it names the same host as the Host header.
            int path = target.AsSpan(authority + 3).IndexOfAny("/?#");
            target = path < 0 ? "/" : target[authority + 3 + path] == '/' ? target[(authority + 3 + path)..] : "/" + target[(authority + 3 + path)..];
            return null;
        }

        code = ReasonCodes.BadRequest;
        return target == "*" ? "a request for * is not forwarded" : "the request target is neither a path nor a URL";
    }
}
