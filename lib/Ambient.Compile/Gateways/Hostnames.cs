using System.Collections.Immutable;

namespace Ambient.Compile.Gateways;

/// <summary>Whether a listener and a route can be for the same host: <c>*.example.com</c> is for every name below it, not for itself.</summary>
internal static class Hostnames
{
    public static bool Intersect(string listener, ImmutableArray<string> route) =>
        listener.Length == 0 || route.IsEmpty || route.Any(r => Intersect(listener, r));

    private static bool Intersect(string a, string b) => (a.StartsWith("*.", StringComparison.Ordinal), b.StartsWith("*.", StringComparison.Ordinal)) switch
    {
        (true, true) => Below(a, b[1..]) || Below(b, a[1..]),
        (true, false) => Below(b, a[1..]),
        (false, true) => Below(a, b[1..]),
        _ => string.Equals(a, b, StringComparison.OrdinalIgnoreCase),
    };

    private static bool Below(string name, string suffix) => name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase);
}
