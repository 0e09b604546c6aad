using System.Collections.Immutable;
using System.Globalization;
using Ambient.Core.Routes;
using Ambient.Routing.Matching;

namespace Ambient.Routing.Tests.Matching;

public class RouteMatcherTests
{
    [Theory]
    [InlineData("=/a", "/a", true)]
    [InlineData("=/a", "/a/", false)]
    [InlineData("=/a", "/A", false)]
    [InlineData("!=/a", "/A", true)]
    [InlineData("^/foo", "/foobar", true)]
    [InlineData("^/foo", "/fo", false)]
    [InlineData("!^/foo", "/FOObar", true)]
    [InlineData("/abc", "/abc", true)]
    [InlineData("/abc", "/abc/", true)]
    [InlineData("/abc", "/abc/d", true)]
    [InlineData("/abc", "/abcd", false)]
    [InlineData("/abc/", "/abc", true)]
    [InlineData("/", "/anything", true)]
    [InlineData("~/v[0-9]/.*", "/v1/x", true)]
    [InlineData("~/v[0-9]", "/v1/x", false)]
    [InlineData("=/caf\u00e9", "/caf%C3%A9", true)]
    public void Path_OneRule_TakenOrNot(string match, string path, bool taken)
    {
        RouteMatcher matcher = RouteMatcher.Of(RouteText.Table(RouteText.Rule("r", RouteText.Path(match))));
        Assert.Equal(taken, matcher.Match(RequestText.Parse($"GET http://h{path}")) is not null);
    }

    [Fact]
    public void Rules_SeveralFit_FirstWins()
    {
        RouteMatcher matcher = RouteMatcher.Of(RouteText.Table(
            RouteText.Rule("regex", RouteText.Path("~/a/[0-9]+")),
            RouteText.Rule("prefix", RouteText.Path("^/a")),
            RouteText.Rule("exact", RouteText.Path("=/a/b")),
            RouteText.Rule("rest")));
        Assert.Equal(
            ["regex", "prefix", "prefix", "rest"],
            new[] { "/a/1", "/a/b", "/abc", "/b" }.Select(p => matcher.Match(RequestText.Parse($"GET http://h{p}"))!.Rule.Origin.Rule));
    }

    [Fact]
    public void Rules_WithOrdinals_LowestWinsAcrossRules()
    {
        RouteMatcher matcher = RouteMatcher.Of(RouteText.Table(
            RouteText.Rule("a", RouteText.Path("/", 5), RouteText.Path("=/x", 0)),
            RouteText.Rule("b", RouteText.Path("/x", 1))));
        Assert.Equal("a", matcher.Match(RequestText.Parse("GET http://h/x"))!.Rule.Origin.Rule);
        Assert.Equal("b", matcher.Match(RequestText.Parse("GET http://h/x/y"))!.Rule.Origin.Rule);
        Assert.Equal("a", matcher.Match(RequestText.Parse("GET http://h/y"))!.Rule.Origin.Rule);
    }

    [Theory]
    [InlineData("GET http://h/", "get")]
    [InlineData("POST http://h/ x-user=test-1", "header")]
    [InlineData("POST http://h/ x-user=other", "query empty")]
    [InlineData("POST http://h/?debug=1 x-user=other", "query")]
    [InlineData("PUT https://h/ x-user=other", "scheme")]
    public void Match_ByFields_AllMustHold(string request, string rule)
    {
        RouteMatcher matcher = RouteMatcher.Of(RouteText.Table(
            RouteText.Rule("get", new HttpMatch { Method = TextMatch.Exact("GET") }),
            RouteText.Rule("header", new HttpMatch { Headers = RouteText.Named("x-user", new TextMatch(TextMatchKind.Prefix, "test-")) }),
            RouteText.Rule("query", new HttpMatch
            {
                Method = TextMatch.Exact("POST"),
                QueryParameters = RouteText.Named("debug", new TextMatch(TextMatchKind.Regex, @"\d")),
            }),
            RouteText.Rule("scheme", new HttpMatch { Scheme = TextMatch.Exact("https") }),
            RouteText.Rule("query empty", new HttpMatch { WithoutHeaders = RouteText.Named("x-none", TextMatch.Presence) })));
        Assert.Equal(rule, matcher.Match(RequestText.Parse(request))!.Rule.Origin.Rule);
    }

    [Theory]
    [InlineData("a=1&b=2", "b", "2")]
    [InlineData("a", "a", "")]
    [InlineData("a=", "a", "")]
    [InlineData("a=1&a=2", "a", "1")]
    [InlineData("a=x%20y", "a", "x y")]
    [InlineData("%61=1", "a", "1")]
    [InlineData("b=1", "a", null)]
    [InlineData("", "a", null)]
    public void QueryParameter_ByName_FirstValue(string query, string name, string? value) =>
        Assert.Equal(value, QueryParameters.First(query, name));

    [Fact]
    public void PresenceAndEmpty_OfHeader_AreNotTheSame()
    {
        RouteMatcher present = RouteMatcher.Of(RouteText.Table(
            RouteText.Rule("r", new HttpMatch { Headers = RouteText.Named("x", TextMatch.Presence) })));
        RouteMatcher empty = RouteMatcher.Of(RouteText.Table(
            RouteText.Rule("r", new HttpMatch { Headers = RouteText.Named("x", TextMatch.Exact("")) })));
        Assert.NotNull(present.Match(RequestText.Parse("GET http://h/ x=")));
        Assert.NotNull(empty.Match(RequestText.Parse("GET http://h/ x=")));
        Assert.Null(empty.Match(RequestText.Parse("GET http://h/ x=1")));
        Assert.Null(present.Match(RequestText.Parse("GET http://h/")));
    }

    [Fact]
    public void SourceNamespace_Unknown_DoesNotMatch()
    {
        RouteMatcher matcher = RouteMatcher.Of(RouteText.Table(RouteText.Rule("r", new HttpMatch { SourceNamespace = "web" })));
        Assert.NotNull(matcher.Match(RequestText.Parse("GET http://h/", sourceNamespace: "web")));
        Assert.Null(matcher.Match(RequestText.Parse("GET http://h/", sourceNamespace: "shop")));
        Assert.Null(matcher.Match(RequestText.Parse("GET http://h/")));
    }

    [Fact]
    public void BrokenRegex_ThatCameAnyway_AnswersInsteadOfFallingThrough()
    {
        RouteMatcher matcher = RouteMatcher.Of(RouteText.Table(
            RouteText.Rule("broken", RouteText.Path("~(?=a)")), RouteText.Rule("rest")));
        RouteAction.Fail fail = Assert.IsType<RouteAction.Fail>(matcher.Match(RequestText.Parse("GET http://h/a"))!.Rule.Action);
        Assert.Equal(500, fail.Status);
        Assert.Contains("lookahead", fail.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_OfARequest_SaysWhatSpokeAgainstEachUpToTheDecision()
    {
        RouteMatcher matcher = RouteMatcher.Of(RouteText.Table(
            RouteText.Rule("a", RouteText.Path("=/a")),
            RouteText.Rule("b", new HttpMatch { Headers = RouteText.Named("x-debug", TextMatch.Exact("1")) }),
            RouteText.Rule("c"),
            RouteText.Rule("d")));
        ImmutableArray<ConsideredMatch> considered = matcher.Explain(RequestText.Parse("GET http://h/b"));
        Assert.Equal([("a", "path"), ("b", "header x-debug"), ("c", null)], considered.Select(c => (c.Matched.Rule.Origin.Rule, c.Against)));
    }

    // The index must give what trying every match in order gives.
    [Fact]
    public void Index_ManyRules_SameAsInOrder()
    {
        Random random = new(4711);
        string[] words = ["a", "ab", "abc", "b", "c", ""];
        for (int round = 0; round < 200; round++)
        {
            HttpRule[] rules = [.. Enumerable.Range(0, 30).Select(i => RouteText.Rule(
                i.ToString(CultureInfo.InvariantCulture),
                RouteText.Path(new[] { "=", "^", "", "~", "!=", "!^", "!" }[random.Next(7)] + Random(), random.Next(4))))];
            RouteMatcher matcher = RouteMatcher.Of(RouteText.Table(rules));
            for (int i = 0; i < 20; i++)
            {
                RequestFacts facts = RequestText.Parse($"GET http://h{Random()}");
                ConsideredMatch? last = matcher.Explain(facts).LastOrDefault();
                Assert.Same(last?.Against is null ? last?.Matched : null, matcher.Match(facts));
            }
        }

        string Random() => "/" + string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => words[random.Next(words.Length)]));
    }
}
