using System.Collections.Immutable;
using Ambient.Core.Routes;

namespace Ambient.Routing.Tests;

/// <summary>Route tables as lists of rules whose only sign is their name.</summary>
internal static class RouteText
{
    public static RouteTable Table(params HttpRule[] rules) => new() { Host = "h", Http = [.. rules] };

    public static HttpRule Rule(string name, params HttpMatch[] matches) => new()
    {
        Origin = new RouteOrigin("VirtualService", "shop", "vs", 0, name),
        Matches = [.. matches],
        Action = new RouteAction.Forward([Backend(name)]),
    };

    public static WeightedBackend Backend(string name, uint weight = 1) =>
        new() { Target = new BackendTarget($"shop/{name}", "shop", name, 80), Weight = weight };

    /// <summary><c>=/exact</c>, <c>^/prefix</c>, <c>/segments</c>, <c>~regex</c>; <c>!</c> before it: ignoring case.</summary>
    public static HttpMatch Path(string text, int ordinal = 0)
    {
        bool ignoreCase = text.StartsWith('!');
        string rest = ignoreCase ? text[1..] : text;
        return new HttpMatch
        {
            Ordinal = ordinal,
            Path = rest[0] switch
            {
                '=' => new PathMatch(PathMatchKind.Exact, rest[1..], ignoreCase),
                '^' => new PathMatch(PathMatchKind.Prefix, rest[1..], ignoreCase),
                '~' => new PathMatch(PathMatchKind.Regex, rest[1..]),
                _ => new PathMatch(PathMatchKind.SegmentPrefix, rest, ignoreCase),
            },
        };
    }

    public static ImmutableArray<NamedMatch> Named(string name, TextMatch match) => [new NamedMatch(name, match)];
}
