using Ambient.Core.Routes;
using Ambient.Routing.Rewriting;

namespace Ambient.Routing.Tests.Rewriting;

public class PathRewriterTests
{
    // The table of Gateway API's ReplacePrefixMatch.
    [Theory]
    [InlineData("/foo/bar", "/foo", "/xyz", "/xyz/bar")]
    [InlineData("/foo/bar", "/foo", "/xyz/", "/xyz/bar")]
    [InlineData("/foo/bar", "/foo/", "/xyz", "/xyz/bar")]
    [InlineData("/foo/bar", "/foo/", "/xyz/", "/xyz/bar")]
    [InlineData("/foo", "/foo", "/xyz", "/xyz")]
    [InlineData("/foo/", "/foo", "/xyz", "/xyz/")]
    [InlineData("/foo/bar", "/foo", "", "/bar")]
    [InlineData("/foo/", "/foo", "", "/")]
    [InlineData("/foo", "/foo", "", "/")]
    [InlineData("/foo/", "/foo", "/", "/")]
    [InlineData("/foo", "/foo", "/", "/")]
    public void Prefix_OfSegments_AsGatewayApiSays(string path, string prefix, string value, string result) =>
        Assert.Equal(result, Rewrite(PathRewriteKind.Prefix, value, path, new PathMatch(PathMatchKind.SegmentPrefix, prefix)));

    [Theory]
    [InlineData("/api/x", "/api", "/v2", "/v2/x")]
    [InlineData("/apix", "/api", "/v2", "/v2x")]
    [InlineData("/api/x", "/api/", "/", "/x")]
    [InlineData("/api/x", "/api", "/", "//x")]
    public void Prefix_OfText_OnlyTheTextIsReplaced(string path, string prefix, string value, string result) =>
        Assert.Equal(result, Rewrite(PathRewriteKind.Prefix, value, path, new PathMatch(PathMatchKind.Prefix, prefix)));

    [Theory]
    [InlineData(PathMatchKind.Exact, "/a")]
    [InlineData(PathMatchKind.Regex, "/.*")]
    public void Prefix_WithExactOrRegexMatch_IsTheWholePath(PathMatchKind kind, string match) =>
        Assert.Equal("/new", Rewrite(PathRewriteKind.Prefix, "/new", "/a", new PathMatch(kind, match)));

    [Fact]
    public void Prefix_WithoutPathMatch_IsTheLeadingSlash() =>
        Assert.Equal("/v2/a", Rewrite(PathRewriteKind.Prefix, "/v2/", "/a", null));

    [Fact]
    public void Regex_WithGroups_EveryMatchIsReplaced()
    {
        PathRewrite rewrite = new(PathRewriteKind.Regex, @"\2/instance/\1", "^/service/([^/]+)(/.*)$");
        Assert.True(PathRewriter.TryRewrite(rewrite, null, "/service/foo/v1/api", out string? made, out _));
        Assert.Equal("/v1/api/instance/foo", made);
    }

    [Theory]
    [InlineData("/api../admin", "/api", "/")]
    [InlineData("/api..;x/admin", "/api", "/")]
    [InlineData("/api..%3Bx/admin", "/api", "/")]
    [InlineData("/api.", "/api", "/x/")]
    public void Prefix_LeavingADotSegment_Refused(string path, string prefix, string value)
    {
        PathMatch match = new(PathMatchKind.Prefix, prefix);
        Assert.False(PathRewriter.TryRewrite(new PathRewrite(PathRewriteKind.Prefix, value), match, path, out _, out string? reason));
        Assert.Contains("dot segment", reason, StringComparison.Ordinal);
    }

    private static string? Rewrite(PathRewriteKind kind, string value, string path, PathMatch? match)
    {
        Assert.True(PathRewriter.TryRewrite(new PathRewrite(kind, value), match, path, out string? made, out string? reason), reason);
        return made;
    }
}
