using System.Text.Json.Nodes;

namespace Ambient.Cli.Tests;

/// <summary>The commands that ask a cluster, against the embedded API server.</summary>
public sealed class LiveTests
{
    private const string Shop = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop, labels: {ambient.dev/mesh: enabled}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: shop}
        spec: {nodeName: node-1, containers: [{name: c, image: x}]}
        status: {podIP: 10.244.0.5, podIPs: [{ip: 10.244.0.5}], conditions: [{type: Ready, status: "True"}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: orders, namespace: shop, labels: {app: orders}}
        spec: {nodeName: node-1, containers: [{name: c, image: x}]}
        status: {podIP: 10.244.0.6, podIPs: [{ip: 10.244.0.6}], conditions: [{type: Ready, status: "True"}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: orders, namespace: shop}
        spec: {selector: {app: orders}, ports: [{port: 80, targetPort: 8080}]}
        ---
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: {name: nobody, namespace: shop}
        spec: {action: DENY, rules: [{to: [{operation: {ports: ["8080"]}}]}]}
        """;

    private const string Mesh = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: ambient-system}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: ambient-operator, namespace: ambient-system}
        spec: {replicas: 1, selector: {matchLabels: {app: ambient-operator}}, template: {metadata: {labels: {app: ambient-operator}}, spec: {containers: [{name: c, image: x}]}}}
        status: {replicas: 1, readyReplicas: 1}
        ---
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: ambient-ztunnel, namespace: ambient-system}
        spec: {selector: {matchLabels: {app: ambient-ztunnel}}, template: {metadata: {labels: {app: ambient-ztunnel}}, spec: {containers: [{name: c, image: x}]}}}
        status: {currentNumberScheduled: 1, numberMisscheduled: 0, desiredNumberScheduled: 1, numberReady: 1}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: ambient-ztunnel-a, namespace: ambient-system, labels: {app: ambient-ztunnel}}
        spec: {nodeName: node-1, containers: [{name: c, image: x}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: ambient-operator-a, namespace: ambient-system, labels: {app: ambient-operator}}
        spec: {nodeName: node-1, containers: [{name: c, image: x}]}
        """;

    private const string Dump = """
        {
          "workloads": [{"namespace":"shop","name":"orders","addresses":["CvQABg=="],"tunnelProtocol":"HBONE","node":"node-1"}],
          "services": [{"namespace":"shop","hostname":"orders.shop.svc.cluster.local","addresses":[{"address":"CmAAAQ=="}],"ports":[{"servicePort":80,"targetPort":8080}]}],
          "policies": [{"namespace":"shop","name":"nobody","action":"DENY","scope":"NAMESPACE","rules":[{}]}],
          "certificates": [{"identity":"spiffe://cluster.local/ns/shop/sa/default","state":"Available","expirationTime":"2026-11-21T00:00:00Z"}],
          "workloadState": {"uid-1": {"namespace":"shop","name":"web","connections":{"inbound":[],"outbound":[
            {"src":"10.244.0.5:4711","originalDst":"10.96.0.1:80","protocol":"HBONE","peer":"spiffe://cluster.local/ns/shop/sa/default","seconds":1.5}]}}}
        }
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Explain_Live_DecidesAsOffline()
    {
        await using LiveCluster cluster = await LiveCluster.StartAsync(Ct);
        await cluster.ApplyAsync(Shop, Ct);

        CommandRun run = await cluster.RunAsync("explain --from shop/web --to orders:80 -o json");

        Assert.Equal("", run.Error);
        Assert.Equal(1, run.ExitCode);
        JsonNode answer = JsonNode.Parse(run.Output)!;
        Assert.Equal("deny", answer["outcome"]!.GetValue<string>());
        Assert.Equal("nobody", answer["policies"]![0]!["name"]!.GetValue<string>());
        Assert.Equal("10.244.0.6:15008", answer["hops"]![1]!["address"]!.GetValue<string>());
    }

    [Fact]
    public async Task Status_MeshInstalled_CountsWhoIsIn()
    {
        await using LiveCluster cluster = await LiveCluster.StartAsync(Ct);
        await cluster.ApplyAsync(Mesh, Ct);
        await cluster.ApplyAsync(Shop, Ct);

        CommandRun run = await cluster.RunAsync("status -o json");

        Assert.Equal("", run.Error);
        Assert.Equal(0, run.ExitCode);
        JsonNode answer = JsonNode.Parse(run.Output)!;
        Assert.True(answer["healthy"]!.GetValue<bool>());
        JsonNode shop = answer["namespaces"]!.AsArray().Single(n => n!["name"]!.GetValue<string>() == "shop")!;
        Assert.Equal(2, shop["enrolled"]!.GetValue<int>());
    }

    [Fact]
    public async Task Status_NothingInstalled_IsNotWell()
    {
        await using LiveCluster cluster = await LiveCluster.StartAsync(Ct);

        CommandRun run = await cluster.RunAsync("status");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("the mesh is not well", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_MeshInstalled_FindsIt()
    {
        await using LiveCluster cluster = await LiveCluster.StartAsync(Ct);
        await cluster.ApplyAsync(Mesh, Ct);

        CommandRun run = await cluster.RunAsync("check cluster");

        Assert.Equal("", run.Error);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("✓ operator: 1 ready", run.Output, StringComparison.Ordinal);
        Assert.Contains("✓ ztunnel: 1 of 1 nodes ready", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_NothingInstalled_SaysWhatToDo()
    {
        await using LiveCluster cluster = await LiveCluster.StartAsync(Ct);

        CommandRun run = await cluster.RunAsync("check cluster");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("✗ operator: no Deployment", run.Output, StringComparison.Ordinal);
        Assert.Contains("next: install the chart", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("workloads", "10.244.0.6")]
    [InlineData("services", "10.96.0.1")]
    [InlineData("policies", "DENY")]
    [InlineData("certificates", "spiffe://cluster.local/ns/shop/sa/default")]
    [InlineData("connections", "10.244.0.5:4711")]
    public async Task ProxyConfig_ThroughTheCluster_ShowsThePart(string part, string word)
    {
        await using LiveCluster cluster = await LiveCluster.StartAsync(Ct);
        await cluster.ApplyAsync(Mesh, Ct);
        cluster.NodeAgent.Answers["ambient-ztunnel-a"] = (Dump, 0);

        CommandRun table = await cluster.RunAsync($"proxy-config {part} node-1 -o wide");
        CommandRun json = await cluster.RunAsync($"proxy-config {part} ambient-ztunnel-a -o json");

        Assert.Equal("", table.Error);
        Assert.Equal(0, table.ExitCode);
        Assert.Contains(word, table.Output, StringComparison.Ordinal);
        Assert.NotNull(JsonNode.Parse(json.Output)![0]![part]);
        Assert.All(cluster.NodeAgent.Commands, c => Assert.EndsWith("http://127.0.0.1:15000/config_dump", c, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ProxyConfig_CommandFails_SaysHowElse()
    {
        await using LiveCluster cluster = await LiveCluster.StartAsync(Ct);
        await cluster.ApplyAsync(Mesh, Ct);
        cluster.NodeAgent.Answers["ambient-ztunnel-a"] = ("curl: (7) refused", 7);

        CommandRun run = await cluster.RunAsync("proxy-config workloads");

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("curl: (7) refused", run.Error, StringComparison.Ordinal);
        Assert.Contains("port-forward", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("7", null, 0, "SYNCED")]
    [InlineData("6", null, 1, "BEHIND")]
    [InlineData("7", "shop/p: spec.rules", 1, "REFUSED")]
    public async Task ProxyStatus_Row_SaysHowFarEachProxyIs(string acked, string? nack, int code, string state)
    {
        await using LiveCluster cluster = await LiveCluster.StartAsync(Ct);
        await cluster.ApplyAsync(Mesh, Ct);
        JsonObject proxy = new()
        {
            ["nodeId"] = "ztunnel~10.0.0.1~a.b~c",
            ["caller"] = new JsonObject { ["podName"] = "ambient-ztunnel-a", ["node"] = "node-1" },
            ["typeUrl"] = "type.googleapis.com/istio.workload.Address",
            ["sentVersion"] = "7",
            ["ackedVersion"] = acked,
            ["lastNack"] = nack,
        };
        cluster.NodeAgent.Answers["ambient-operator-a"] = (new JsonArray(proxy).ToJsonString(), 0);

        CommandRun run = await cluster.RunAsync("proxy-status");

        Assert.Equal("", run.Error);
        Assert.Equal(code, run.ExitCode);
        Assert.Contains(state, run.Output, StringComparison.Ordinal);
        Assert.Contains("ambient-ztunnel-a", run.Output, StringComparison.Ordinal);
    }
}
