using Ambient.Routing.Patterns;

namespace Ambient.Routing.Tests.Patterns;

public class Re2PatternTests
{
    // Rows: pattern, text, does the whole text match.
    [Theory]
    [InlineData("abc", "abc", true)]
    [InlineData("abc", "xabc", false)]
    [InlineData("abc", "abc\n", false)]
    [InlineData("abc$", "abc\n", false)]
    [InlineData("^abc$", "abc", true)]
    [InlineData("a|ab", "ab", true)]
    [InlineData("a|b", "axb", false)]
    [InlineData("/v[0-9]+/.*", "/v12/x", true)]
    [InlineData(".*", "a\nb", false)]
    [InlineData("(?s).*", "a\nb", true)]
    [InlineData("[^a]", "\n", true)]
    [InlineData(@"\d+", "12", true)]
    [InlineData(@"\d", "\u0663", false)]
    [InlineData(@"\w+", "a_9", true)]
    [InlineData(@"\w", "é", false)]
    [InlineData(@"\W", "é", true)]
    [InlineData(@"\s", "\u00a0", false)]
    [InlineData(@"\s", "\v", false)]
    [InlineData("[[:space:]]", "\v", true)]
    [InlineData(@"[\d-]+", "1-2", true)]
    [InlineData(@"[^\d]", "1", false)]
    [InlineData(@"[\D]", "x", true)]
    [InlineData(@"[\D]", "5", false)]
    [InlineData("[[:^alpha:]]", "1", true)]
    [InlineData("[]a]+", "]a", true)]
    [InlineData("[a-]+", "-a", true)]
    [InlineData(@"[\]\\]", @"\", true)]
    [InlineData("(?i)AbC", "aBc", true)]
    [InlineData("(?i:a)b", "AB", false)]
    [InlineData("(?i)k", "\u212A", true)]
    [InlineData("(?i)[h-l]", "K", true)]
    [InlineData("a(?i)b(?-i)c", "aBc", true)]
    [InlineData("a(?i)b(?-i)c", "aBC", false)]
    [InlineData("((?i)a)b", "AB", false)]
    [InlineData("(?m)^a$", "a", true)]
    [InlineData(@"\Qa.b*\E+", "a.b**", true)]
    [InlineData(@"\Qa.b", "axb", false)]
    [InlineData(@"\x41\x{42}\103", "ABC", true)]
    [InlineData(@"\.\_\/", "._/", true)]
    [InlineData("a{2,3}", "aaa", true)]
    [InlineData("a{2}", "aaa", false)]
    [InlineData("a{2,}", "aaaaa", true)]
    [InlineData("a{,2}", "a{,2}", true)]
    [InlineData("{a}", "{a}", true)]
    [InlineData(@"\pL+", "éa", true)]
    [InlineData(@"\P{Lu}", "A", false)]
    [InlineData("(?P<x>a)(?<y>b)", "ab", true)]
    [InlineData("a||b", "", true)]
    [InlineData("", "", true)]
    [InlineData("a b # c", "a b # c", true)]
    public void Pattern_WholeText_AsRe2Says(string pattern, string text, bool matches)
    {
        Assert.True(Re2Pattern.TryParse(pattern, out Re2Pattern? parsed, out string? reason), reason);
        Assert.Equal(matches, parsed.IsFullMatch(text));
    }

    [Theory]
    [InlineData("(?=a)", "lookahead")]
    [InlineData("(?!a)", "lookahead")]
    [InlineData("(?<=a)", "lookbehind")]
    [InlineData("(?<!a)b", "lookbehind")]
    [InlineData("(?>a)", "not part of RE2")]
    [InlineData("(?#a)", "not part of RE2")]
    [InlineData(@"(a)\1", "back-references")]
    [InlineData("(?P=x)", "not part of RE2")]
    [InlineData("a**", "nothing to repeat")]
    [InlineData("a++", "nothing to repeat")]
    [InlineData("*a", "nothing to repeat")]
    [InlineData("a|*", "nothing to repeat")]
    [InlineData("(", "missing closing )")]
    [InlineData(")", "unexpected )")]
    [InlineData("[a", "missing closing ]")]
    [InlineData("[z-a]", "bad range")]
    [InlineData("[[:nope:]]", "unknown class")]
    [InlineData(@"\", "trailing")]
    [InlineData(@"\q", "not part of RE2")]
    [InlineData(@"\Z", "not part of RE2")]
    [InlineData(@"\bfoo\b", "word boundary")]
    [InlineData(@"\C", "not supported")]
    [InlineData(@"\p{Greek}", "general categories")]
    [InlineData(@"\x{10FFFF}", "beyond")]
    [InlineData("(?i)é", "ASCII letters")]
    [InlineData("(?x)a", "not part of RE2")]
    [InlineData("a{1001}", "bad repetition")]
    [InlineData("a{3,2}", "bad repetition")]
    [InlineData("((a{100}){100}){100}", "repeats to more")]
    public void Pattern_NotTranslatable_RefusedWithReason(string pattern, string reason)
    {
        Assert.False(Re2Pattern.TryParse(pattern, out _, out string? why));
        Assert.Contains(reason, why, StringComparison.Ordinal);
    }

    [Fact]
    public void Pattern_TooLongOrDeep_Refused()
    {
        Assert.False(Re2Pattern.TryParse(new string('a', Re2Pattern.MaxLength + 1), out _, out _));
        Assert.False(Re2Pattern.TryParse(new string('(', 101) + new string(')', 101), out _, out _));
    }

    [Theory]
    [InlineData("/api/v[12]/.*", "/api/v")]
    [InlineData("^/api/.*", "/api/")]
    [InlineData("/ab?", "/a")]
    [InlineData("/ab+", "/ab")]
    [InlineData("/a|/b", "")]
    [InlineData("(/a)", "")]
    [InlineData("(?i)/a", "/")]
    [InlineData("/a{0,2}b", "/")]
    public void LiteralPrefix_OfPattern_IsCertain(string pattern, string prefix)
    {
        Assert.True(Re2Pattern.TryParse(pattern, out Re2Pattern? parsed, out _));
        Assert.Equal(prefix, parsed.LiteralPrefix);
    }

    [Theory]
    [InlineData("/service/([^/]+)(/.*)$", "/service/foo/v1/api", @"\2/instance/\1", "/v1/api/instance/foo")]
    [InlineData("one", "/xxx/one/yyy/one/zzz", "two", "/xxx/two/yyy/two/zzz")]
    [InlineData("(?i)/xxx/", "/aaa/XxX/bbb", "/yyy/", "/aaa/yyy/bbb")]
    [InlineData("(?P<a>x)(y)", "xy", @"\2\1\0\\", @"yxxy\")]
    public void Replace_EveryMatch_WithGroupsInWrittenOrder(string pattern, string text, string replacement, string result)
    {
        Assert.True(Re2Pattern.TryParse(pattern, out Re2Pattern? parsed, out _));
        Assert.True(Re2Replacement.TryParse(replacement, parsed.Groups, out Re2Replacement? with, out _));
        Assert.Equal(result, parsed.Replace(text, with));
    }

    [Theory]
    [InlineData(@"\2", 1)]
    [InlineData(@"\x", 1)]
    [InlineData(@"a\", 1)]
    public void Replacement_Unusable_Refused(string replacement, int groups) =>
        Assert.False(Re2Replacement.TryParse(replacement, groups, out _, out _));
}
