using Ambient.Core.Routes;
using Ambient.Routing.Matching;

namespace Ambient.Routing.Tests.Matching;

public class RequestMatchesTests
{
    [Theory]
    [InlineData("GET http://h/a", true)]
    [InlineData("POST http://h/b", true)]
    [InlineData("GET http://h/b", false)]
    public void Request_OneMatchOfSeveral_IsEnough(string request, bool taken) =>
        Assert.Equal(taken, RequestMatches.Any(
            [RouteText.Path("=/a"), new HttpMatch { Method = TextMatch.Exact("POST") }], RequestText.Parse(request)));

    [Fact]
    public void Request_WithoutMatches_IsTaken() => Assert.True(RequestMatches.Any([], RequestText.Parse("GET http://h/")));
}
