using System.Text.Json.Nodes;
using Ambient.Core.Gateways;
using Ambient.Core.Mesh;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Routes;
using Ambient.Discovery.Codec.Resources;

namespace Ambient.Cli.Tests;

/// <summary><c>proxy-config</c> of waypoints: found by pod or Gateway, shown as tables and as JSON.</summary>
public sealed class WaypointConfigTests
{
    private const string Pods = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: infra}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: ambient-system}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: waypoint-a, namespace: shop, labels: {gateway.networking.k8s.io/gateway-name: waypoint}}
        spec: {nodeName: node-1, containers: [{name: c, image: x}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: edge-a, namespace: infra, labels: {gateway.networking.k8s.io/gateway-name: edge}}
        spec: {nodeName: node-1, containers: [{name: c, image: x}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: ambient-ztunnel-a, namespace: ambient-system, labels: {app: ambient-ztunnel}}
        spec: {nodeName: node-1, containers: [{name: c, image: x}]}
        """;

    private static readonly BackendTarget s_orders = new("shop/orders.shop.svc.cluster.local", "shop", "orders", 80);

    private static readonly ProxyResource[] s_resources =
    [
        new RouteTable
        {
            Host = "orders.shop.svc.cluster.local",
            Port = 80,
            Http =
            [
                new HttpRule
                {
                    Origin = new RouteOrigin("VirtualService", "shop", "orders", 0, "debug"),
                    Matches = [new HttpMatch { Path = new PathMatch(PathMatchKind.Prefix, "/api") }, new HttpMatch { Ordinal = 1 }],
                    Action = new RouteAction.Forward([new WeightedBackend { Target = s_orders with { Subset = "v1" }, Weight = 95 }, new WeightedBackend { Target = s_orders with { Subset = "v2" }, Weight = 5 }]),
                    Timeout = TimeSpan.FromSeconds(2),
                },
                new HttpRule { Origin = new RouteOrigin("VirtualService", "shop", "orders", 1), Action = new RouteAction.Fail(503, "no such backend") },
            ],
        },
        new RequestPolicy { Name = new("shop", "only-get"), Action = RequestPolicyAction.Deny, Rules = [new RequestRule()], Targets = [new RequestPolicyTarget(RequestPolicyTargetKind.Namespace, "shop")] },
        new GatewayConfig
        {
            Name = new("infra", "edge"),
            ServiceAccount = new("infra", "edge"),
            Listeners = [new GatewayListener { Owner = new("infra", "edge"), Name = "https", Port = 443, Protocol = ListenerProtocol.Https, Hostnames = ["*.example.com"], Tls = new ListenerTls { Certificates = ["infra/edge/infra/tls"] } }],
        },
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("routes", "shop/waypoint", "VirtualService shop/orders debug   ^/api (+1)   shop/orders:80 v1 ×95, shop/orders:80 v2 ×5 timeout")]
    [InlineData("routes", "shop/waypoint-a", "503: no such backend")]
    [InlineData("clusters", "shop/waypoint", "orders.shop.svc.cluster.local   80     v2       LeastRequest   1/2         1         3")]
    [InlineData("clusters", "shop/waypoint", "idle.shop.svc.cluster.local     80     -        (unused)")]
    [InlineData("endpoints", "waypoint-a", "orders.shop.svc.cluster.local:80   shop/orders-1   10.1.0.9:8080   ready       -        no      7.5 ms    0         ejected 1 times, for 4 s more")]
    [InlineData("listeners", "shop/waypoint", "shop/waypoint   mesh   15008   hbone      *       mutual TLS")]
    [InlineData("listeners", "infra/edge", "infra/edge   https   443    https      *.example.com   infra/edge/infra/tls")]
    [InlineData("policies", "shop/waypoint", "shop        only-get   DENY     NAMESPACE shop   1       false")]
    [InlineData("certificates", "shop/waypoint", "spiffe://cluster.local/ns/shop/sa/waypoint")]
    public async Task Part_OfAWaypoint_IsShown(string part, string proxy, string line)
    {
        await using LiveCluster cluster = await StartAsync();

        CommandRun table = await cluster.RunAsync($"proxy-config {part} {proxy} -o wide");
        CommandRun narrow = await cluster.RunAsync($"proxy-config {part} {proxy}");
        CommandRun json = await cluster.RunAsync($"proxy-config {part} {proxy} -o json");

        Assert.Equal(("", 0), (table.Error, table.ExitCode));
        Assert.Contains(line, table.Output, StringComparison.Ordinal);
        Assert.All(table.Output.Split('\n'), static l => Assert.InRange(l.Length, 0, 220));
        Assert.All(narrow.Output.Split('\n'), static l => Assert.InRange(l.Length, 0, 80));
        Assert.Contains(proxy.Split('/')[0], narrow.Output, StringComparison.Ordinal);
        Assert.IsType<JsonArray>(JsonNode.Parse(json.Output)![0]![part]);
    }

    [Fact]
    public async Task Routes_OfAll_AreThoseOfWaypointsAndGateways()
    {
        await using LiveCluster cluster = await StartAsync();

        CommandRun run = await cluster.RunAsync("proxy-config routes -o json");

        Assert.Equal(["infra/edge-a", "shop/waypoint-a"], JsonNode.Parse(run.Output)!.AsArray().Select(static p => (string?)p!["proxy"]).Order());
    }

    [Theory]
    [InlineData("routes shop/none", "there is no proxy shop/none that has routes", "shop/waypoint-a of Gateway waypoint")]
    [InlineData("connections shop/waypoint", "there is no proxy shop/waypoint that has connections", "NAMESPACE/POD")]
    public async Task Proxy_ThatIsNotThere_IsToldWithThoseThatAre(string arguments, string problem, string help)
    {
        await using LiveCluster cluster = await StartAsync();

        CommandRun run = await cluster.RunAsync($"proxy-config {arguments}");

        Assert.Equal(3, run.ExitCode);
        Assert.Contains(problem, run.Error, StringComparison.Ordinal);
        Assert.Contains(help, run.Error, StringComparison.Ordinal);
    }

    private static async Task<LiveCluster> StartAsync()
    {
        LiveCluster cluster = await LiveCluster.StartAsync(Ct);
        await cluster.ApplyAsync(Pods, Ct);
        cluster.NodeAgent.Answers["waypoint-a"] = (Dump("shop/waypoint"), 0);
        cluster.NodeAgent.Answers["edge-a"] = (Dump("infra/edge"), 0);
        return cluster;
    }

    private static string Dump(string gateway)
    {
        var resources = new JsonObject();
        foreach (IGrouping<string, ProxyResource> type in s_resources.GroupBy(static r => r.Type))
        {
            resources[type.Key] = new JsonArray([.. type.Select(static r => JsonNode.Parse(ResourceCodec.ToProto(r).Content.ToStringUtf8()))]);
        }

        JsonObject dump = JsonNode.Parse("""
            {
              "proxy": "waypoint", "workloads": [], "services": [], "policies": [],
              "certificates": [{"identity":"spiffe://cluster.local/ns/shop/sa/waypoint","state":"Available"}],
              "clusters": [
                {"name":"outbound|80|v2|orders.shop.svc.cluster.local","service":"shop/orders.shop.svc.cluster.local","port":80,"subset":"v2","used":true,"balancer":"LeastRequest","endpoints":2,"taken":1,"ejected":1,"active":3,"waiting":0},
                {"name":"outbound|80||idle.shop.svc.cluster.local","service":"shop/idle.shop.svc.cluster.local","port":80,"used":false,"endpoints":2}],
              "endpoints": [{"cluster":"shop/orders.shop.svc.cluster.local:80","workload":"shop/orders-1","address":"10.1.0.9:8080","ready":true,"checks":"","experience":"ejected 1 times, for 4 s more","taken":false,"why":"ejected 1 times, for 4 s more","latencyMilliseconds":7.5,"pending":0}]
            }
            """)!.AsObject();
        dump["resources"] = resources;
        dump["config"] = new JsonObject { ["gateway"] = gateway };
        return dump.ToJsonString();
    }
}
