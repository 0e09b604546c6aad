using System.Text.Json.Nodes;

namespace Ambient.Cli.Tests;

public sealed class WaypointTests
{
    private const string Shop = """
        apiVersion: v1
        kind: Namespace
        metadata: { name: shop, labels: { ambient.dev/mesh: enabled } }
        ---
        apiVersion: v1
        kind: Namespace
        metadata: { name: other, labels: { istio.io/use-waypoint: theirs } }
        """;

    private const string Programmed = """
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: { name: waypoint, namespace: shop, labels: { ambient.dev/waypoint-for: all } }
        spec: { gatewayClassName: ambient-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
        status:
          addresses: [{ type: IPAddress, value: 10.96.0.7 }]
          conditions: [{ type: Accepted, status: "True", reason: Accepted, message: "" }, { type: Programmed, status: "True", reason: Programmed, message: 1 of 1 pods are ready }]
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: orders, namespace: other, labels: { ambient.dev/use-waypoint: waypoint, ambient.dev/use-waypoint-namespace: shop } }
        spec: { ports: [{ port: 80 }] }
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Generate_WithEverything_PrintsTheGateway()
    {
        CommandRun run = await CommandRun.OfAsync("waypoint", "generate", "-n", "shop", "--name", "wp", "--for", "all", "--replicas", "3", "-o", "json");

        JsonNode gateway = JsonNode.Parse(run.Output)!;
        Assert.Equal(("Gateway", "wp", "shop", "ambient-waypoint"), (
            (string?)gateway["kind"], (string?)gateway["metadata"]!["name"], (string?)gateway["metadata"]!["namespace"], (string?)gateway["spec"]!["gatewayClassName"]));
        Assert.Equal(("all", "3"), (
            (string?)gateway["metadata"]!["labels"]!["ambient.dev/waypoint-for"], (string?)gateway["metadata"]!["annotations"]!["ambient.dev/replicas"]));
        Assert.Contains("kind: Gateway", (await CommandRun.OfAsync("waypoint", "generate")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--for", "everything", "choose service, workload or all")]
    [InlineData("--name", "Way_Point", "is no name")]
    [InlineData("--replicas", "-1", "0 to 1000")]
    public async Task Generate_ImpossibleValue_IsRefused(string option, string value, string reason)
    {
        CommandRun run = await CommandRun.OfAsync("waypoint", "generate", option, value);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_EnrolNamespace_WritesGatewayAndLabelAndSaysThatItIsNotReady()
    {
        await using LiveCluster cluster = await LiveCluster.StartAsync(Stop);
        await cluster.ApplyAsync(Shop, Stop);

        CommandRun run = await cluster.RunAsync("waypoint apply -n shop --enrol-namespace");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("namespace shop uses it", run.Output, StringComparison.Ordinal);
        CommandRun status = await cluster.RunAsync("waypoint status -n shop -o json");
        Assert.Equal(1, status.ExitCode);
        JsonNode view = JsonNode.Parse(status.Output)![0]!;
        Assert.Equal((false, "service", "Namespace shop"), ((bool)view["programmed"]!, (string?)view["for"], (string?)view["users"]![0]));
    }

    [Theory]
    [InlineData("waypoint apply -n none", "there is no such namespace")]
    [InlineData("waypoint apply -n other --enrol-namespace", "uses the waypoint theirs")]
    [InlineData("waypoint status -n shop", "there is no such waypoint")]
    [InlineData("waypoint delete -n shop", "there is no such waypoint")]
    public async Task Command_ThatCannotBe_SaysWhyAndChangesNothing(string arguments, string why)
    {
        await using LiveCluster cluster = await LiveCluster.StartAsync(Stop);
        await cluster.ApplyAsync(Shop, Stop);

        CommandRun run = await cluster.RunAsync(arguments);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(why, run.Error, StringComparison.Ordinal);
        Assert.Equal("[]", (await cluster.RunAsync("waypoint list -o json")).Output.Trim());
    }

    [Fact]
    public async Task ListStatusDelete_OfAReadyOne_ShowItAndTakeItAwayWithTheNamespacesLabel()
    {
        await using LiveCluster cluster = await LiveCluster.StartAsync(Stop);
        await cluster.ApplyAsync(Shop, Stop);
        await cluster.ApplyAsync(Programmed, Stop);
        Assert.Equal(0, (await cluster.RunAsync("waypoint apply -n shop --for all --enrol-namespace --wait")).ExitCode);

        string[] lines = (await cluster.RunAsync("waypoint list")).Output.Split('\n');
        Assert.StartsWith("NAMESPACE", lines[0], StringComparison.Ordinal);
        Assert.Equal("shop waypoint all yes 0/0 10.96.0.7 Programmed", string.Join(' ', lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        CommandRun status = await cluster.RunAsync("waypoint status waypoint -n shop");
        Assert.Equal(0, status.ExitCode);
        Assert.Contains("Service other/orders", status.Output, StringComparison.Ordinal);
        Assert.All(status.Output.Split('\n'), line => Assert.True(line.Length <= 80, line));

        CommandRun deleted = await cluster.RunAsync("waypoint delete -n shop");
        Assert.Equal(0, deleted.ExitCode);
        Assert.Contains("Service other/orders still names it", deleted.Output, StringComparison.Ordinal);
        Assert.Equal("[]", (await cluster.RunAsync("waypoint list -o json")).Output.Trim());
        await cluster.ApplyAsync(Programmed, Stop);
        Assert.DoesNotContain("Namespace shop", (await cluster.RunAsync("waypoint status -n shop")).Output, StringComparison.Ordinal);
    }
}
