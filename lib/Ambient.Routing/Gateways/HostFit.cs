using System.Collections.Immutable;

namespace Ambient.Routing.Gateways;

/// <summary>How closely a host is meant: an exact name above every wildcard, the longer wildcard above the shorter.</summary>
internal static class HostFit
{
    public const int None = -1;

    private const int All = 0, Exact = int.MaxValue;

    /// <summary>The closest of several; no hosts at all mean every host.</summary>
    public static int Of(ImmutableArray<string> hosts, string host)
    {
        int best = hosts.IsEmpty ? All : None;
        foreach (string candidate in hosts)
        {
            best = Math.Max(best, Of(candidate, host));
        }

        return best;
    }

    public static int Of(string pattern, string host) =>
        pattern is "*" or "" ? All
        : pattern.StartsWith("*.", StringComparison.Ordinal)
            ? host.Length >= pattern.Length && host.EndsWith(pattern.AsSpan(1), StringComparison.Ordinal) ? pattern.Length : None
        : string.Equals(pattern, host, StringComparison.Ordinal) ? Exact
        : None;
}
