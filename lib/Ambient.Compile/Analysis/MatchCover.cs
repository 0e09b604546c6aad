using System.Collections.Immutable;
using Ambient.Core.Routes;

namespace Ambient.Compile.Analysis;

/// <summary>Whether a match takes every request that another one takes; when it cannot be told the answer is no.</summary>
internal static class MatchCover
{
    public static bool Covers(HttpMatch wide, HttpMatch narrow) =>
        Covers(wide.Path, narrow.Path)
        && Covers(wide.Method, narrow.Method) && Covers(wide.Scheme, narrow.Scheme) && Covers(wide.Authority, narrow.Authority)
        && (wide.Port == 0 || wide.Port == narrow.Port)
        && (wide.SourceNamespace is null || wide.SourceNamespace == narrow.SourceNamespace)
        && wide.SourceLabels.All(l => narrow.SourceLabels.TryGetValue(l.Key, out string? value) && value == l.Value)
        && Covers(wide.Headers, narrow.Headers) && Covers(wide.QueryParameters, narrow.QueryParameters)
        && wide.WithoutHeaders.All(h => narrow.WithoutHeaders.Contains(h))
        && wide.AlsoPaths.All(p => narrow.AlsoPaths.Contains(p)) && wide.WithoutPaths.All(p => narrow.WithoutPaths.Contains(p))
        && wide.WithoutMethods.All(m => narrow.WithoutMethods.Contains(m) || (narrow.Method is { Kind: TextMatchKind.Exact } only && only.Value != m));

    private static bool Covers(ImmutableArray<NamedMatch> wide, ImmutableArray<NamedMatch> narrow) =>
        wide.All(w => narrow.Any(n => n.Name == w.Name && Covers(w.Value, n.Value)));

    private static bool Covers(TextMatch? wide, TextMatch? narrow) => wide is not { } w || (narrow is { } n && Covers(w, n));

    private static bool Covers(TextMatch wide, TextMatch narrow) =>
        wide == narrow
        || wide.Kind == TextMatchKind.Presence
        || (wide.Kind == TextMatchKind.Prefix && narrow.Kind is TextMatchKind.Exact or TextMatchKind.Prefix && Starts(narrow.Value, wide.Value, wide.IgnoreCase, narrow.IgnoreCase))
        || (wide is { Kind: TextMatchKind.Exact, IgnoreCase: true } && narrow.Kind == TextMatchKind.Exact && string.Equals(wide.Value, narrow.Value, StringComparison.OrdinalIgnoreCase));

    private static bool Covers(PathMatch? wide, PathMatch? narrow)
    {
        if (wide is null || IsAll(wide) || wide == narrow)
        {
            return true;
        }

        if (narrow is null || narrow.Kind == PathMatchKind.Regex)
        {
            return false;
        }

        return wide.Kind switch
        {
            PathMatchKind.Exact => narrow.Kind == PathMatchKind.Exact && wide.IgnoreCase && string.Equals(wide.Value, narrow.Value, StringComparison.OrdinalIgnoreCase),
            PathMatchKind.Prefix => Starts(narrow.Value, wide.Value, wide.IgnoreCase, narrow.IgnoreCase),
            PathMatchKind.SegmentPrefix => (narrow.Kind != PathMatchKind.Prefix && narrow.Value.TrimEnd('/') == wide.Value.TrimEnd('/') && !narrow.IgnoreCase)
                || Starts(narrow.Value, wide.Value.TrimEnd('/') + "/", wide.IgnoreCase, narrow.IgnoreCase),
            _ => false,
        };
    }

    private static bool IsAll(PathMatch path) => path switch
    {
        { Kind: PathMatchKind.Prefix, Value: "/" or "" } => true,
        { Kind: PathMatchKind.SegmentPrefix, Value: "/" or "" } => true,
        { Kind: PathMatchKind.Regex, Value: ".*" or "/.*" } => true,
        _ => false,
    };

    private static bool Starts(string text, string prefix, bool wideIgnores, bool narrowIgnores) => wideIgnores
        ? text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
        : !narrowIgnores && text.StartsWith(prefix, StringComparison.Ordinal);
}
