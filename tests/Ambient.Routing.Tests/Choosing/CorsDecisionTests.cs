using Ambient.Core.Routes;
using Ambient.Routing.Choosing;

namespace Ambient.Routing.Tests.Choosing;

public class CorsDecisionTests
{
    private static readonly CorsPolicy Policy = new()
    {
        AllowOrigins = [TextMatch.Exact("https://a.com"), new TextMatch(TextMatchKind.Regex, @"https://.*\.b\.com")],
        AllowMethods = ["GET", "POST"],
        AllowHeaders = ["x-a"],
        ExposeHeaders = ["x-b"],
        MaxAge = TimeSpan.FromHours(24),
    };

    [Theory]
    [InlineData("OPTIONS http://h/ origin=https://a.com access-control-request-method=GET",
        "answered allow-origin=https://a.com allow-methods=GET,POST allow-headers=x-a max-age=86400")]
    [InlineData("OPTIONS http://h/ origin=https://x.b.com access-control-request-method=GET",
        "answered allow-origin=https://x.b.com allow-methods=GET,POST allow-headers=x-a max-age=86400")]
    [InlineData("GET http://h/ origin=https://a.com", "goes on allow-origin=https://a.com expose-headers=x-b")]
    [InlineData("OPTIONS http://h/ origin=https://a.com", "goes on allow-origin=https://a.com expose-headers=x-b")]
    [InlineData("GET http://h/ origin=https://evil.com", "goes on")]
    [InlineData("GET http://h/", "goes on")]
    [InlineData("OPTIONS http://h/ origin=https://evil.com access-control-request-method=GET", "answered")]
    public void Request_ByOrigin_AnsweredOrMarked(string request, string outcome) =>
        Assert.Equal(outcome, Words(Policy, request));

    [Fact]
    public void UnmatchedPreflight_ToBeForwarded_GoesOn() =>
        Assert.Equal("goes on", Words(
            Policy with { ForwardUnmatchedPreflights = true },
            "OPTIONS http://h/ origin=https://evil.com access-control-request-method=GET"));

    [Fact]
    public void Star_WithCredentials_NamesWhatWasAskedFor() =>
        Assert.Equal(
            "answered allow-origin=https://a.com allow-credentials=true allow-methods=PUT allow-headers=x-q max-age=86400",
            Words(
                Policy with { AllowCredentials = true, AllowMethods = ["*"], AllowHeaders = ["*"] },
                "OPTIONS http://h/ origin=https://a.com access-control-request-method=PUT access-control-request-headers=x-q"));

    [Fact]
    public void BrokenOrigin_ThatCameAnyway_AllowsNobody() =>
        Assert.Equal("goes on", Words(
            new CorsPolicy { AllowOrigins = [new TextMatch(TextMatchKind.Regex, "(?=x)")] }, "GET http://h/ origin=https://a.com"));

    private static string Words(CorsPolicy policy, string request)
    {
        var facts = RequestText.Parse(request);
        CorsDecision decision = CorsDecision.Of(policy, facts.Method, facts.Headers);
        return string.Join(' ', decision.Headers.Select(h => $"{h.Name["access-control-".Length..]}={h.Value}")
            .Prepend(decision.Answered ? "answered" : "goes on"));
    }
}
