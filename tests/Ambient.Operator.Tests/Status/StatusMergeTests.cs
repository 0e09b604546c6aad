using System.Text.Json.Nodes;
using Ambient.Compile.Reports;
using Ambient.Operator.Status;
using Ambient.Testing;

namespace Ambient.Operator.Tests.Status;

public sealed class StatusMergeTests
{
    private static readonly StatusReport Route = new()
    {
        ApiVersion = "gateway.networking.k8s.io/v1",
        Kind = "HTTPRoute",
        Namespace = "shop",
        Name = "orders",
        Generation = 2,
        Parents = [new ParentReport(new ParentRef(null, null, null, "wp", null, 15008), StatusReport.Controller, [Condition.True("Accepted", "Accepted", "")])],
    };

    private readonly ManualTime _time = new();

    [Fact]
    public void Parents_OfOthers_AreLeftAloneAndOurOldOnesGo()
    {
        var standing = (JsonObject)JsonNode.Parse("""
            {"parents":[{"parentRef":{"name":"wp"},"controllerName":"other.example/c","conditions":[]},
                        {"parentRef":{"name":"gone"},"controllerName":"ambient.dev/gateway-controller","conditions":[]}]}
            """)!;

        var parents = (JsonArray)Merge(standing, Route)!["parents"]!;

        Assert.Equal(["other.example/c", "ambient.dev/gateway-controller"], parents.Select(p => (string?)p!["controllerName"]));
        Assert.Equal("""{"name":"wp","port":15008}""", parents[1]!["parentRef"]!.ToJsonString());
        Assert.Equal(2, (long)parents[1]!["conditions"]![0]!["observedGeneration"]!);
    }

    [Fact]
    public void Same_AsTheServerGivesItBack_WritesNothing()
    {
        JsonObject written = Merge(null, Route)!;
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Null(Merge((JsonObject)JsonNode.Parse(written.ToJsonString())!, Route));
    }

    [Fact]
    public void Listeners_OfAGateway_AreReplacedAndKeepTheirTimes()
    {
        StatusReport gateway = Route with
        {
            Kind = "Gateway",
            Parents = [],
            Listeners = [new ListenerReport("mesh", ["gateway.networking.k8s.io/HTTPRoute"], 1, [Condition.True("Accepted", "Accepted", "")])],
        };
        var before = (JsonObject)JsonNode.Parse(Merge(null, gateway)!.ToJsonString())!;
        _time.Advance(TimeSpan.FromHours(1));

        JsonNode listener = Merge(before, gateway with { Listeners = [gateway.Listeners[0] with { AttachedRoutes = 2 }] })!["listeners"]![0]!;

        Assert.Equal((2, "HTTPRoute", "2030-05-17T09:30:00Z"), (
            (int)listener["attachedRoutes"]!, (string?)listener["supportedKinds"]![0]!["kind"], (string?)listener["conditions"]![0]!["lastTransitionTime"]));
    }

    [Fact]
    public void ListenersOfASet_ThatIsNoLongerTaken_Go()
    {
        StatusReport set = Route with { Kind = "ListenerSet", Parents = [], Listeners = [new ListenerReport("http", [], 1, [Condition.True("Programmed", "Programmed", "")])] };
        var before = (JsonObject)JsonNode.Parse(Merge(null, set)!.ToJsonString())!;

        Assert.Empty((JsonArray)Merge(before, set with { Listeners = [] })!["listeners"]!);
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(null, 0, 0)]
    [InlineData(null, 2, 2)]
    [InlineData(2, 2, null)]
    [InlineData(2, 1, 1)]
    [InlineData(2, null, 0)]
    [InlineData(0, null, null)]
    public void AttachedListenerSets_AreWrittenOnlyWhenTheyDiffer(int? standing, int? now, int? written)
    {
        StatusReport gateway = Route with { Kind = "Gateway", Parents = [], AttachedListenerSets = now };
        JsonObject status = standing is null ? [] : (JsonObject)JsonNode.Parse($$"""{"attachedListenerSets":{{standing}}}""")!;

        Assert.Equal(written, (int?)Merge(status, gateway)?["attachedListenerSets"]);
    }

    private JsonObject? Merge(JsonObject? standing, StatusReport report) =>
        StatusMerge.Merge(standing, report, new HashSet<string>(), _time.GetUtcNow());
}
