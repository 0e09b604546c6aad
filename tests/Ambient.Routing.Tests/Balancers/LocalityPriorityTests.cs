using Ambient.Core.Routes;
using Ambient.Core.Workloads;
using Ambient.Routing.Balancers;

namespace Ambient.Routing.Tests.Balancers;

public class LocalityPriorityTests
{
    private static readonly Dictionary<string, string> None = [];

    [Theory]
    [InlineData("eu", "a", "1", 0)]
    [InlineData("eu", "a", "2", 1)]
    [InlineData("eu", "b", "1", 2)]
    [InlineData("us", "a", "1", 3)]
    [InlineData("asia", "a", "1", 4)]
    public void Priority_ByPlace_NearestFirst(string region, string zone, string subzone, int priority) =>
        Assert.Equal(priority, LocalityPriority.Of(
            new LocalityPolicy { Failover = [new RegionFailover("eu", "us")] },
            new Locality("eu", "a", "1"), None, new Locality(region, zone, subzone), None));

    [Theory]
    [InlineData("v1", "n1", 0)]
    [InlineData("v1", "n2", 1)]
    [InlineData("v2", "n1", 2)]
    public void Priority_ByLabels_CountsLeadingOnesShared(string version, string node, int priority) =>
        Assert.Equal(priority, LocalityPriority.Of(
            new LocalityPolicy { FailoverPriority = ["version=v1", "node"] },
            Locality.Unknown, new Dictionary<string, string> { ["node"] = "n1" },
            Locality.Unknown, new Dictionary<string, string> { ["version"] = version, ["node"] = node }));

    [Fact]
    public void Priority_Disabled_IsTheSameForAll() =>
        Assert.Equal(0, LocalityPriority.Of(
            new LocalityPolicy { Enabled = false }, new Locality("eu", "a", "1"), None, new Locality("us", "b", "2"), None));

    [Theory]
    [InlineData("eu/a/*", true)]
    [InlineData("eu/*", true)]
    [InlineData("eu", true)]
    [InlineData("*", true)]
    [InlineData("eu/b/*", false)]
    [InlineData("eu/a/1/x", false)]
    public void Pattern_OfAPlace_NamesItOrNot(string pattern, bool names) =>
        Assert.Equal(names, LocalityPriority.Names(pattern, new Locality("eu", "a", "1")));
}
