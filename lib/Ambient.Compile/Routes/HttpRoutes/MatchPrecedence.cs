using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.HttpRoutes;

/// <summary>
/// Which of two matches counts first. HTTPRouteRule.matches (Gateway API v1): regular expressions stand between exact paths and prefixes.
/// GRPCRouteRule.matches: characters of the service, then of the method, whatever kind of match they are in.
/// </summary>
internal sealed class MatchPrecedence : IComparer<(HttpMatch Match, GrpcLengths? Grpc)>
{
    public static MatchPrecedence Instance { get; } = new();

    public int Compare((HttpMatch Match, GrpcLengths? Grpc) x, (HttpMatch Match, GrpcLengths? Grpc) y) => KeyOf(y).CompareTo(KeyOf(x));

    private static (int Kind, int Length, int Method, int Headers, int Parameters) KeyOf((HttpMatch Match, GrpcLengths? Grpc) written)
    {
        var (match, grpc) = written;
        return grpc is { } lengths ? (lengths.Service, lengths.Method, 0, match.Headers.Length, 0) : (
            match.Path?.Kind switch
            {
                PathMatchKind.Exact => 2,
                PathMatchKind.Regex => 1,
                _ => 0,
            },
            match.Path is { Kind: PathMatchKind.SegmentPrefix } prefix ? prefix.Value.TrimEnd('/').Length : 0,
            match.Method is null ? 0 : 1,
            match.Headers.Length,
            match.QueryParameters.Length);
    }
}
