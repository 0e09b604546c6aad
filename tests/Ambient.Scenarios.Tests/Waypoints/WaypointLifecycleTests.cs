using System.Text.Json.Nodes;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Waypoints;

/// <summary>A waypoint that comes, is replaced under load, and goes; what it stands for while it is not there.</summary>
public sealed class WaypointLifecycleTests(MeshFixture mesh) : Scenario(mesh)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Waypoint_NamedButMissing_RefusesUntilItIsReadyAndIsNeverGoneAround()
    {
        string ns = await NamespaceAsync("named");
        MeshPod[] pods = await StartAsync(new PodPlan(ns, "web"), new PodPlan(ns, "orders") { Node = "node-2", IsEcho = true, HasService = true });
        Assert.Equal(200, (await pods[0].CurlAsync("http://orders/")).Status);

        await LabelAsync(ns, "ambient.dev/use-waypoint", "waypoint");
        await Until.Async(() => pods[0].CurlAsync("http://orders/"), r => r.Status != 200, "requests are refused while the waypoint is missing");
        for (int i = 0; i < 5; i++)
        {
            Assert.NotEqual(200, (await pods[0].CurlAsync("http://orders/")).Status);
        }

        await WaypointAsync(ns);
        await Until.Async(() => pods[0].CurlAsync("http://orders/"), r => r.Status == 200, "the waypoint serves", Patience);
        await Until.TrueAsync(() => WaypointLog(ns).Contains("GET / HTTP/1.1", StringComparison.Ordinal), "the request is in the waypoint's access log");

        JsonObject service = await Lab.Admin.Resource(new GroupKind("", "Service")).GetAsync(ns, "orders", Stop);
        Assert.Contains((service["status"]?["conditions"] as JsonArray)!, c => (string?)c!["type"] == "istio.io/WaypointBound" && (string?)c["status"] == "True");

        await DeleteAsync("gateway.networking.k8s.io", "Gateway", ns, "waypoint");
        await Until.Async(() => pods[0].CurlAsync("http://orders/"), r => r.Status != 200, "requests are refused when it is gone", Patience);
        await LabelAsync(ns, "ambient.dev/use-waypoint", null);
        await Until.Async(() => pods[0].CurlAsync("http://orders/"), r => r.Status == 200, "unbound, they go straight");
    }

    [Fact]
    public async Task Waypoint_OfTwoPods_ReplacedUnderLoad_FailsNoRequest()
    {
        string ns = await NamespaceAsync("rolling");
        await StartAsync(new PodPlan(ns, "orders") { Node = "node-2", IsEcho = true, HasService = true });
        await ApplyAsync($$"""
            apiVersion: v1
            kind: Pod
            metadata: { name: browser, namespace: {{ns}}, labels: { app: browser } }
            spec: { nodeName: node-1, terminationGracePeriodSeconds: 1, containers: [{ name: main, image: ambient/shop, command: [sleep, infinity] }] }
            """);
        await Lab.WaitReadyAsync(ns, "app=browser", 1, Patience, Stop);
        await WaypointAsync(ns, "ambient.dev/replicas: \"2\"");
        IReadOnlyList<string> before = await Lab.WaitReadyAsync(ns, "gateway.networking.k8s.io/gateway-name=waypoint", 2, Patience, Stop);
        await LabelAsync(ns, "ambient.dev/use-waypoint", "waypoint");
        await LoadAsync(ns, 200);
        await Until.TrueAsync(() => before.Any(p => Lab.Log(ns, p).Contains("GET / HTTP", StringComparison.Ordinal)), "requests pass a waypoint");

        Task<ShopLoad> load = LoadAsync(ns, 4000, "--concurrency", "4", "--interval", "10");
        await Lab.Admin.Resource(new GroupKind("apps", "Deployment")).PatchAsync(ns, "waypoint", Patch.Merge((JsonObject)JsonNode.Parse(
            """{"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"now"}}}}}""")!), Stop);
        await Until.TrueAsync(async () => (await PodNamesAsync(ns)).Intersect(before).Any() == false, "both pods are replaced", Patience);
        ShopLoad all = await load;

        Assert.True(all.Status(200) == 4000, all.ToString());
    }

    private async Task WaypointAsync(string ns, string annotations = "")
    {
        await ApplyAsync($$"""
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: { name: waypoint, namespace: {{ns}}, annotations: { {{annotations}} } }
            spec: { gatewayClassName: ambient-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
            """);
        await Until.Async(
            () => Lab.Admin.Resource(new GroupKind("gateway.networking.k8s.io", "Gateway")).GetAsync(ns, "waypoint", Stop),
            g => (g["status"]?["conditions"] as JsonArray)?.Any(c => (string?)c!["type"] == "Programmed" && (string?)c["status"] == "True") == true,
            "the Gateway is programmed", Patience);
    }

    private string WaypointLog(string ns) => string.Concat(PodNamesAsync(ns).GetAwaiter().GetResult().Select(p => Lab.Log(ns, p)));

    private async Task<IReadOnlyList<string>> PodNamesAsync(string ns) => [.. (await Lab.Admin.Resource(new GroupKind("", "Pod")).ListAsync(
        ns, new ListOptions { LabelSelector = "gateway.networking.k8s.io/gateway-name=waypoint" }, Stop)).Items.Select(p => (string)p["metadata"]!["name"]!)];

    private async Task<ShopLoad> LoadAsync(string ns, int requests, params string[] more)
    {
        ExecResult result = await Lab.ExecInPodAsync(ns, "browser", ["ambient-shop", "load", "http://orders/", "--requests", $"{requests}", .. more], null, Stop);
        Assert.True(result.Output.StartsWith('{'), $"load: {result.ExitCode} {result.Error}");
        return new ShopLoad((JsonObject)JsonNode.Parse(result.Output)!);
    }
}
