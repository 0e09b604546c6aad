using System.Collections.Frozen;

namespace Ambient.Waypoint.Requests.Forwarding;

/// <summary>Headers of one hop (RFC 9110 §7.6.1), and those that are written anew.</summary>
internal static class HopHeaders
{
    private static readonly FrozenSet<string> s_names = new[]
    {
        "Host", "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Transfer-Encoding", "Upgrade",
        "HTTP2-Settings", "Alt-Svc",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool StayHere(string name) => name.Length == 0 || name[0] == ':' || s_names.Contains(name);
}
