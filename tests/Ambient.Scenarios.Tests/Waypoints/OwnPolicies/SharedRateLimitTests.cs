using System.Globalization;
using System.Text.Json.Nodes;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Waypoints.OwnPolicies;

/// <summary>A limit that the two pods of one waypoint count together, beside the same limit that each counts by itself.</summary>
public sealed class SharedRateLimitTests(MeshFixture mesh) : Scenario(mesh)
{
    private const string Metric = "ambient_rate_limit_shared_tokens_total";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task TwoPodsOfAWaypoint_WithScopeShared_LetThroughWhatOneWould()
    {
        string ns = await NamespaceAsync("shared");
        await StartAsync(new PodPlan(ns, "orders") { Node = "node-2", IsEcho = true, HasService = true });
        await ApplyAsync($$"""
            apiVersion: v1
            kind: Pod
            metadata: { name: browser, namespace: {{ns}}, labels: { app: browser } }
            spec: { nodeName: node-1, terminationGracePeriodSeconds: 1, containers: [{ name: main, image: ambient/shop, command: [sleep, infinity] }] }
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: { name: waypoint, namespace: {{ns}}, annotations: { ambient.dev/replicas: "2" } }
            spec: { gatewayClassName: ambient-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
            """);
        await Lab.WaitReadyAsync(ns, "app=browser", 1, Patience, Stop);
        await Lab.WaitReadyAsync(ns, "gateway.networking.k8s.io/gateway-name=waypoint", 2, Patience, Stop);
        await LabelAsync(ns, "ambient.dev/use-waypoint", "waypoint");
        await LimitAsync(ns, "LOCAL", 50);
        await Until.Async(() => LoadAsync(ns, 40, "--concurrency", "8"), static l => l.Reason("rate-limited") == 40, "both pods limit");

        // The same for everybody together: one bucket at one of the two. What is left in it after the first answers is known to the token.
        await LimitAsync(ns, "SHARED", 60);
        ExecResult first = await Until.Async(
            () => Lab.ExecInPodAsync(ns, "browser", ["curl", "-s", "-i", "http://orders/"], null, Stop), static r => Left(r.Output) > 0, "the shared limit is in force");
        await Until.TrueAsync(async () => (await CountsAsync(ns)) is { Here: > 0, Replica: > 0 } || await AgainAsync(ns), "both pods have decided");
        ShopLoad load = await LoadAsync(ns, 200, "--concurrency", "16");
        (int here, int replica, int alone) = await CountsAsync(ns);

        Assert.True(Left(first.Output) <= 59, first.Output);
        Assert.Equal(200, load.Status(200) + load.Status(429));
        Assert.True(here > 0 && replica > 0, $"here {here}, asked {replica}, alone {alone}");

        // All tokens that were ever given out: exactly the bucket, but for what a pod decided alone when the machine stood still.
        Assert.InRange(_through + 1 + load.Status(200), 60 - alone, 60 + alone);
    }

    private int _through;

    private async Task<bool> AgainAsync(string ns)
    {
        _through += (await LoadAsync(ns, 2)).Status(200);
        return false;
    }

    private static int Left(string answer) => WholeAnswer.Parse(answer) is { Status: 200 } a && a["x-ratelimit-limit"] == "60" ? a.Number("x-ratelimit-remaining") : -1;

    private async Task LimitAsync(string ns, string scope, int burst) => await ApplyAsync($$"""
        apiVersion: ambient.dev/v1alpha1
        kind: RateLimitPolicy
        metadata: { name: together, namespace: {{ns}} }
        spec: { scope: {{scope}}, targetRefs: [{ kind: Service, name: orders }], limits: [{ requests: 1, interval: 1h, burst: {{burst}} }] }
        """);

    /// <summary>Tokens by who decided, of both pods.</summary>
    private async Task<(int Here, int Replica, int Alone)> CountsAsync(string ns)
    {
        var pods = await Lab.Admin.Resource<Pod>().ListAsync(ns, new ListOptions { LabelSelector = "gateway.networking.k8s.io/gateway-name=waypoint" }, Stop);
        var lines = new List<string>();
        foreach (Pod pod in pods.Items)
        {
            ExecResult page = await LabCluster.ExecInNetnsAsync(Lab.Nodes[1].NetnsPath, ["curl", "-s", "-m", "10", $"http://{pod.Status!.PodIp}:15020/metrics"]);
            lines.AddRange(page.Output.Split('\n').Where(static l => l.StartsWith(Metric + "{", StringComparison.Ordinal)));
        }

        int Sum(string decided) => lines.Where(l => l.Contains($"\"{decided}\"", StringComparison.Ordinal)).Sum(static l => (int)double.Parse(l[(l.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
        return (Sum("here"), Sum("replica"), Sum("alone"));
    }

    private async Task<ShopLoad> LoadAsync(string ns, int requests, params string[] more)
    {
        ExecResult result = await Lab.ExecInPodAsync(ns, "browser", ["ambient-shop", "load", "http://orders/", "--requests", $"{requests}", .. more], null, Stop);
        Assert.True(result.Output.StartsWith('{'), $"load: {result.ExitCode} {result.Error}");
        return new ShopLoad((JsonObject)JsonNode.Parse(result.Output)!);
    }
}
