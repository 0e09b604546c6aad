using System.Collections.Immutable;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.VirtualServices;

/// <summary>
/// A rule that delegates and a rule that it delegates to, as one: the conditions of both, where the second narrows the first; of everything else the
/// second's, and the first's where the second says nothing.
/// </summary>
internal static class DelegateMerge
{
    /// <summary>Null when no condition of the delegate lies within one of the root: the rule can never match.</summary>
    public static WrittenRule? Merge(WrittenRule root, WrittenRule next)
    {
        ImmutableArray<WrittenMatch> matches = root.Matches.IsEmpty ? next.Matches
            : next.Matches.IsEmpty ? root.Matches
            : [.. root.Matches.SelectMany(r => next.Matches.Select(n => Merge(r, n))).OfType<WrittenMatch>()];
        if (matches.IsEmpty && !(root.Matches.IsEmpty && next.Matches.IsEmpty))
        {
            return null;
        }

        return next with
        {
            Matches = matches,
            Mirrors = next.Mirrors.IsEmpty ? root.Mirrors : next.Mirrors,
            Rule = next.Rule with
            {
                Rewrite = next.Rule.Rewrite ?? root.Rule.Rewrite,
                RequestHeaders = next.Rule.RequestHeaders.IsEmpty ? root.Rule.RequestHeaders : next.Rule.RequestHeaders,
                ResponseHeaders = next.Rule.ResponseHeaders.IsEmpty ? root.Rule.ResponseHeaders : next.Rule.ResponseHeaders,
                Timeout = next.Rule.Timeout ?? root.Rule.Timeout,
                Retry = next.Rule.Retry ?? root.Rule.Retry,
                Fault = next.Rule.Fault ?? root.Rule.Fault,
                Cors = next.Rule.Cors ?? root.Rule.Cors,
            },
        };
    }

    private static WrittenMatch? Merge(WrittenMatch root, WrittenMatch next)
    {
        var (r, n) = (root.Match, next.Match);
        bool conflict = !Within(n.Path, r.Path)
            || Differ(r.Method, n.Method) || Differ(r.Scheme, n.Scheme) || Differ(r.Authority, n.Authority)
            || (r.Port > 0 && n.Port > 0 && r.Port != n.Port)
            || (r.SourceNamespace is { } a && n.SourceNamespace is { } b && a != b)
            || Differ(r.Headers, n.Headers) || Differ(r.QueryParameters, n.QueryParameters)
            || r.SourceLabels.Any(l => n.SourceLabels.TryGetValue(l.Key, out string? other) && other != l.Value);
        return conflict ? null : new WrittenMatch(
            new HttpMatch
            {
                Name = r.Name.Length > 0 && n.Name.Length > 0 ? $"{r.Name}-{n.Name}" : r.Name + n.Name,
                Path = n.Path ?? r.Path,
                Method = n.Method ?? r.Method,
                Scheme = n.Scheme ?? r.Scheme,
                Authority = n.Authority ?? r.Authority,
                Headers = Union(r.Headers, n.Headers),
                WithoutHeaders = Union(r.WithoutHeaders, n.WithoutHeaders),
                QueryParameters = Union(r.QueryParameters, n.QueryParameters),
                Port = Math.Max(r.Port, n.Port),
                SourceNamespace = n.SourceNamespace ?? r.SourceNamespace,
                SourceLabels = r.SourceLabels.SetItems(n.SourceLabels),
            },
            root.Gateways.IsEmpty ? next.Gateways : root.Gateways);
    }

    private static bool Within(PathMatch? inner, PathMatch? outer) => inner is null || outer is null || inner == outer
        || (outer.Kind == PathMatchKind.Prefix && inner.Kind is PathMatchKind.Exact or PathMatchKind.Prefix
            && inner.Value.StartsWith(outer.Value, outer.IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal));

    private static bool Differ(TextMatch? a, TextMatch? b) => a is not null && b is not null && a != b;

    private static bool Differ(ImmutableArray<NamedMatch> a, ImmutableArray<NamedMatch> b) =>
        a.Any(x => b.Any(y => x.Name == y.Name && x.Value != y.Value));

    private static ImmutableArray<NamedMatch> Union(ImmutableArray<NamedMatch> a, ImmutableArray<NamedMatch> b) => [.. a.Concat(b).Distinct()];
}
