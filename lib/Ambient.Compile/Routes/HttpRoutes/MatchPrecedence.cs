using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.HttpRoutes;

/// <summary>Which of two matches counts first (Gateway API v1, HTTPRouteRule.matches); regular expressions stand between exact paths and prefixes.</summary>
internal sealed class MatchPrecedence : IComparer<HttpMatch>
{
    public static MatchPrecedence Instance { get; } = new();

    public int Compare(HttpMatch? x, HttpMatch? y) => KeyOf(y!).CompareTo(KeyOf(x!));

    private static (int Kind, int Length, int Method, int Headers, int Parameters) KeyOf(HttpMatch match) => (
        match.Path?.Kind switch
        {
            PathMatchKind.Exact => 2,
            // A gRPC method of any service counts less than any service that is named.
            PathMatchKind.Regex => match.Path.Value.StartsWith("/[^/]+/", StringComparison.Ordinal) ? -1 : 1,
            _ => 0,
        },
        match.Path is { Kind: PathMatchKind.SegmentPrefix } prefix ? prefix.Value.TrimEnd('/').Length : 0,
        match.Method is null ? 0 : 1,
        match.Headers.Length,
        match.QueryParameters.Length);
}
