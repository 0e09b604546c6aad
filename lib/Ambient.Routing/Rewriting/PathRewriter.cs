using System.Diagnostics.CodeAnalysis;
using Ambient.Core.Routes;
using Ambient.Routing.Canonicalising;

namespace Ambient.Routing.Rewriting;

/// <summary>The path that a rewrite or redirect makes of a canonical one.</summary>
public static class PathRewriter
{
    /// <param name="matched">The path match that took the request; null when the rule has none.</param>
    /// <param name="path">Canonical, without query.</param>
    /// <param name="rewritten">Begins with a slash.</param>
    /// <param name="reason">
    /// Set when the pattern cannot be used, or when what is left of the request's path would be a dot segment at its new place
    /// (<c>/api../x</c> with the prefix <c>/api</c> replaced by <c>/</c>).
    /// </param>
    public static bool TryRewrite(
        PathRewrite rewrite, PathMatch? matched, string path, [NotNullWhen(true)] out string? rewritten, [NotNullWhen(false)] out string? reason)
    {
        ArgumentNullException.ThrowIfNull(rewrite);
        ArgumentNullException.ThrowIfNull(path);
        reason = null;
        string? made = rewrite.Kind switch
        {
            PathRewriteKind.Full => rewrite.Value,
            PathRewriteKind.Prefix => ReplacePrefix(rewrite.Value, matched, path),
            PathRewriteKind.Regex => RegexRewrites.Replace(rewrite, path, out reason),
            _ => throw new InvalidOperationException($"unknown path rewrite kind {rewrite.Kind}"),
        };
        rewritten = made is null ? null : Slashed(PathCanonicaliser.Literal(made));
        if (rewritten is not null && HasDotSegment(rewritten))
        {
            reason = $"rewriting {path} makes {rewritten}, which has a dot segment";
            rewritten = null;
        }

        return rewritten is not null;
    }

    private static string ReplacePrefix(string value, PathMatch? matched, string path) => matched?.Kind switch
    {
        null => value + path[Math.Min(1, path.Length)..],
        PathMatchKind.Prefix => value + path[Math.Min(PathCanonicaliser.Literal(matched.Value).Length, path.Length)..],
        PathMatchKind.SegmentPrefix => value.TrimEnd('/') + path[Math.Min(PathCanonicaliser.Literal(matched.Value).TrimEnd('/').Length, path.Length)..],
        _ => value,
    };

    private static string Slashed(string path) => path.StartsWith('/') ? path : "/" + path;

    private static bool HasDotSegment(string path)
    {
        int question = path.IndexOf('?', StringComparison.Ordinal);
        ReadOnlySpan<char> segments = question < 0 ? path : path.AsSpan(0, question);
        foreach (Range range in segments.Split('/'))
        {
            ReadOnlySpan<char> segment = segments[range];
            int parameters = segment.IndexOf(';');
            int escaped = segment.IndexOf("%3B");
            int end = Math.Min(parameters < 0 ? segment.Length : parameters, escaped < 0 ? segment.Length : escaped);
            if (segment[..end] is "." or "..")
            {
                return true;
            }
        }

        return false;
    }
}
