using System.Collections.Immutable;

namespace Ambient.Compile.Gateways;

/// <summary>Whether a listener and a route can be for the same host: <c>*.example.com</c> is for every name below it, not for itself.</summary>
internal static class Hostnames
{
    public static bool Intersect(string listener, ImmutableArray<string> route) =>
        listener.Length == 0 || route.IsEmpty || route.Any(r => Intersect(listener, r));

    /// <summary>The hosts that a route has at a listener, each the narrower of two; <c>*</c> where neither names one.</summary>
    public static ImmutableArray<string> Common(string listener, ImmutableArray<string> route) =>
        route.IsEmpty ? [listener.Length == 0 ? "*" : listener]
        : [.. route.Select(r => Narrower(listener, r)).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>Null when no host is in both. <c>*</c> and the empty text are every host.</summary>
    public static string? Narrower(string a, string b) => a is "" or "*" ? b
        : b is "" or "*" ? a
        : !Intersect(a, b) ? null
        : !IsWildcard(a) ? a
        : !IsWildcard(b) ? b
        : a.Length >= b.Length ? a : b;

    private static bool Intersect(string a, string b) => (IsWildcard(a), IsWildcard(b)) switch
    {
        (true, true) => Below(a, b[1..]) || Below(b, a[1..]),
        (true, false) => Below(b, a[1..]),
        (false, true) => Below(a, b[1..]),
        _ => string.Equals(a, b, StringComparison.OrdinalIgnoreCase),
    };

    private static bool IsWildcard(string host) => host.StartsWith("*.", StringComparison.Ordinal);

    private static bool Below(string name, string suffix) => name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase);
}
