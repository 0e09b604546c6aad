using Ambient.Core.Requests;
using Ambient.Routing.Canonicalising;

namespace Ambient.Routing.Tests.Canonicalising;

public class PathCanonicaliserTests
{
    // Rows: target, path. What can be read one way only.
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/a/b", "/a/b")]
    [InlineData("/a/b/", "/a/b/")]
    [InlineData("*", "*")]
    [InlineData("/a/./b", "/a/b")]
    [InlineData("/a/../b", "/b")]
    [InlineData("/a/b/..", "/a/")]
    [InlineData("/a/b/.", "/a/b/")]
    [InlineData("/..", "/")]
    [InlineData("/../../a", "/a")]
    [InlineData("/a/../../../b", "/b")]
    [InlineData("/a\\b", "/a/b")]
    [InlineData("/a\\..\\b", "/b")]
    [InlineData("/%61dmin", "/admin")]
    [InlineData("/%7Euser%2Dname", "/~user-name")]
    [InlineData("/caf%c3%a9", "/caf%C3%A9")]
    [InlineData("/a%20b", "/a%20b")]
    [InlineData("/file%2Etxt", "/file.txt")]
    [InlineData("/.well-known/x", "/.well-known/x")]
    [InlineData("/...", "/...")]
    [InlineData("/..a", "/..a")]
    [InlineData("/%252F", "/%252F")]
    [InlineData("/a;v=1/b", "/a;v=1/b")]
    [InlineData("/a{b}", "/a%7Bb%7D")]
    [InlineData("/a//b", "/a//b")]
    public void Path_ReadOneWay_Canonical(string target, string path)
    {
        Assert.True(PathCanonicaliser.TryRead(target, PathNormalization.Base, out CanonicalTarget canonical, out _));
        Assert.Equal(path, canonical.Path);
        Assert.True(PathCanonicaliser.TryRead(path, PathNormalization.Base, out CanonicalTarget again, out _));
        Assert.Equal(path, again.Path);
    }

    // CVE-2019-9901, CVE-2021-29492, CVE-2021-31920, CVE-2021-39156, CVE-2026-73551 and their relatives.
    [Theory]
    [InlineData("/public%2F..%2Fadmin", "escaped slash")]
    [InlineData("/a%2fb", "escaped slash")]
    [InlineData("/a%5Cb", "escaped backslash")]
    [InlineData("/a%5cb", "escaped backslash")]
    [InlineData("/a/%2e%2e/b", "escaped dot segment")]
    [InlineData("/a/.%2E/b", "escaped dot segment")]
    [InlineData("/a/%2e/b", "escaped dot segment")]
    [InlineData("/a/..;/b", "dot segment with parameters")]
    [InlineData("/a/..;foo/b", "dot segment with parameters")]
    [InlineData("/a/.;x=1/b", "dot segment with parameters")]
    [InlineData("/a/..%3Bx/b", "dot segment with parameters")]
    [InlineData("/a/%2e%2e;x/b", "escaped dot segment")]
    [InlineData("/a\\..;\\b", "dot segment with parameters")]
    [InlineData("/a#b", "fragment")]
    [InlineData("/a?b#c", "fragment")]
    [InlineData("/admin#", "fragment")]
    [InlineData("/a%00b", "NUL")]
    [InlineData("/a\0b", "NUL")]
    [InlineData("/a%c0%afb", "not UTF-8")]
    [InlineData("/a%c3", "not UTF-8")]
    [InlineData("/a%c3/b", "not UTF-8")]
    [InlineData("/a%a9", "not UTF-8")]
    [InlineData("/a%ed%a0%80", "not UTF-8")]
    [InlineData("/a%f5%80%80%80", "not UTF-8")]
    [InlineData("/a%e0%80%af", "not UTF-8")]
    [InlineData("/a%ff", "not UTF-8")]
    [InlineData("/a%", "two hexadecimal digits")]
    [InlineData("/a%2", "two hexadecimal digits")]
    [InlineData("/a%zz", "two hexadecimal digits")]
    [InlineData("/a b", "must be escaped")]
    [InlineData("/a\r\nx: y", "must be escaped")]
    [InlineData("/a\u007f", "must be escaped")]
    [InlineData("/café", "must be escaped")]
    [InlineData("/a?b c", "must be escaped")]
    [InlineData("/a?b\n", "must be escaped")]
    [InlineData("a", "does not begin with /")]
    [InlineData("", "does not begin with /")]
    [InlineData("http://h/a", "does not begin with /")]
    [InlineData("?a", "does not begin with /")]
    public void Path_Ambiguous_RefusedWithReason(string target, string reason)
    {
        Assert.False(PathCanonicaliser.TryRead(target, PathNormalization.Base, out _, out string? why));
        Assert.Contains(reason, why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//a///b//", PathNormalization.MergeSlashes, "/a/b/")]
    [InlineData("//", PathNormalization.MergeSlashes, "/")]
    [InlineData("/a//../b", PathNormalization.MergeSlashes, "/b")]
    [InlineData("/a%2Fb", PathNormalization.DecodeAndMergeSlashes, "/a/b")]
    [InlineData("/a%5c..%2Fb", PathNormalization.DecodeAndMergeSlashes, "/b")]
    [InlineData("/a%2F/b", PathNormalization.DecodeAndMergeSlashes, "/a/b")]
    public void Path_WithSetting_Normalised(string target, PathNormalization setting, string path)
    {
        Assert.True(PathCanonicaliser.TryRead(target, setting, out CanonicalTarget canonical, out _));
        Assert.Equal(path, canonical.Path);
    }

    [Fact]
    public void EscapedSlash_WithMergeOnly_StillRefused() =>
        Assert.False(PathCanonicaliser.TryRead("/a%2Fb", PathNormalization.MergeSlashes, out _, out _));

    [Theory]
    [InlineData("/admin;x/secret", "/admin/secret")]
    [InlineData("/admin%3Bx", "/admin")]
    [InlineData("//admin", "/admin")]
    [InlineData("/a//b;p//c", "/a/b/c")]
    [InlineData("/;x/admin", "/admin")]
    [InlineData("/plain", "/plain")]
    public void LenientPath_ParametersAndSlashes_AsALenientBackendReads(string target, string lenient)
    {
        Assert.True(PathCanonicaliser.TryRead(target, PathNormalization.Base, out CanonicalTarget canonical, out _));
        Assert.Equal(lenient, canonical.LenientPath);
    }

    [Theory]
    [InlineData("/a?x=%2F..;", "/a", "x=%2F..;", true)]
    [InlineData("/a?", "/a", "", true)]
    [InlineData("/a", "/a", "", false)]
    [InlineData("/./a?b?c", "/a", "b?c", true)]
    public void Query_Any_KeptAsSent(string target, string path, string query, bool has)
    {
        Assert.True(PathCanonicaliser.TryRead(target, PathNormalization.Base, out CanonicalTarget canonical, out _));
        Assert.Equal((path, query, has), (canonical.Path, canonical.Query, canonical.HasQuery));
    }

    [Theory]
    [InlineData("/café", "/caf%C3%A9")]
    [InlineData("/a%2db", "/a-b")]
    [InlineData("/a b", "/a%20b")]
    [InlineData("/%e4", "/%E4")]
    public void Literal_OfAConfiguredPath_ComparesWithCanonical(string configured, string literal) =>
        Assert.Equal(literal, PathCanonicaliser.Literal(configured));
}
