using System.Collections.Immutable;

namespace Ambient.Waypoint.Authorization;

/// <summary>Lists of header names: exact, <c>x-*</c>, <c>*-x</c>, <c>*</c>; all lower-case.</summary>
internal static class HeaderPatterns
{
    public static bool Includes(ImmutableArray<string> patterns, string name)
    {
        foreach (string pattern in patterns)
        {
            if (pattern is "*"
                || (pattern[0] == '*' ? name.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase)
                : pattern[^1] == '*' ? name.StartsWith(pattern[..^1], StringComparison.OrdinalIgnoreCase)
                : string.Equals(name, pattern, StringComparison.OrdinalIgnoreCase)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Of one connection only (RFC 9110 §7.6.1), or what frames a message.</summary>
    public static bool IsOfConnection(string name) => name.ToLowerInvariant() is "connection" or "keep-alive" or "proxy-connection" or "te" or "trailer"
        or "transfer-encoding" or "upgrade" or "content-length" or "host" or "expect";
}
