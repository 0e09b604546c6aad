using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Waypoints.OwnPolicies;

/// <summary>BackendPolicy at a waypoint (docs/backend-policy.md), on six pods of which some are told to fail or to be slow.</summary>
[Collection(DefaultNamespace.Name)]
public sealed class BackendPolicyTests(MeshFixture mesh, OrdersFixture orders) : OwnPolicyScenario(mesh), IClassFixture<OrdersFixture>
{
    private const string Check = "healthCheck: { path: /api/check, interval: 1s, timeout: 1s, healthyThreshold: 2, unhealthyThreshold: 2 }";

    [Fact]
    public async Task HealthCheck_TakesAFailingPodOut_AndBack()
    {
        Assert.NotNull(orders);
        string bad = (await PodsAsync("v1"))[0];
        await PolicyAsync(BackendPolicy, "checked", Check);
        await LoadAsync("browser", 60);
        await BelievedAsync(bad, true, "");
        await Until.Async(EndpointsAsync, e => e.Count == 6 && e.Values.All(static p => (string?)p["checks"] == "active checks succeed"), "all pods are checked");

        await BehaveAsync(bad, "fail=1");
        await BelievedAsync(bad, false, "active checks fail");
        ShopLoad without = await LoadAsync("browser", 600);
        await BehaveAsync(bad);
        await BelievedAsync(bad, true, "");
        ShopLoad with = await LoadAsync("browser", 600);

        Assert.Equal((600, 5), (without.Status(200), without.Pods.Count));
        Assert.DoesNotContain(bad, without.Pods.Keys);
        Assert.Equal((600, 6), (with.Status(200), with.Pods.Count));
    }

    [Fact]
    public async Task HealthCheck_WithoutThePolicy_IsForgotten()
    {
        string bad = (await PodsAsync("v2"))[0];
        await BehaveAsync(bad, "fail=1");
        await PolicyAsync(BackendPolicy, "checked", Check);
        await BecomesAsync("browser", static l => l.Status(200) == 60, "the failing pod is out");
        await BelievedAsync(bad, false, "active checks fail");

        await DeleteAsync(Group, BackendPolicy, OrdersFixture.Namespace, "checked");

        await BecomesAsync("browser", static l => l.Status(503) > 0, "the failing pod is asked again");
    }

    [Fact]
    public async Task PanicThreshold_WithTooFewHealthy_AsksAllOfThem()
    {
        string[] bad = [.. await PodsAsync("v1"), (await PodsAsync("v2"))[0]];
        foreach (string pod in bad)
        {
            await BehaveAsync(pod, "fail=1");
        }

        await PolicyAsync(BackendPolicy, "checked", Check + ", balancer: ROUND_ROBIN");
        await LoadAsync("browser", 6);
        foreach (string pod in bad)
        {
            await BelievedAsync(pod, false, "active checks fail");
        }

        ShopLoad two = await LoadAsync("browser", 120);
        Assert.Equal((120, 2), (two.Status(200), two.Pods.Count));

        // Two of six are a third: under 50 % health is ignored, above 30 % it is not.
        await PolicyAsync(BackendPolicy, "checked", Check + ", balancer: ROUND_ROBIN, panicThreshold: 50");
        await BecomesAsync("browser", static l => l.Status(503) > 0, "health is ignored");
        ShopLoad all = await LoadAsync("browser", 600, "--concurrency", "1");
        Assert.Equal((200, 400), (all.Status(200), all.Status(503)));

        await PolicyAsync(BackendPolicy, "checked", Check + ", balancer: ROUND_ROBIN, panicThreshold: 30");
        await BecomesAsync("browser", static l => l.Status(503) == 0, "health counts again");
        Assert.Equal(300, (await LoadAsync("browser", 300)).Status(200));
    }

    [Fact]
    public async Task Balancer_IsTheOneThatIsNamed()
    {
        string[] names = [.. await PodsAsync("v1"), .. await PodsAsync("v2")];
        await PolicyAsync(BackendPolicy, "balanced", "balancer: ROUND_ROBIN");
        await BecomesAsync("browser", static l => l.Pods.Count == 6 && l.Pods.Values.All(static n => n == 10), "each pod gets a sixth", "--concurrency", "1");
        ShopLoad even = await LoadAsync("browser", 600, "--concurrency", "1");
        Assert.All(names, pod => Assert.Equal(100, even.Pods[pod]));

        // By the source address: one client, one pod.
        await PolicyAsync(BackendPolicy, "balanced", "balancer: RING_HASH");
        await BecomesAsync("browser", static l => l.Pods.Count == 1, "one pod for one client");
        Assert.Single((await LoadAsync("browser", 300)).Pods);

        // By the key of a DestinationRule.
        await ApplyAsync("""
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: { name: by-user, namespace: default }
            spec: { host: orders-service, trafficPolicy: { loadBalancer: { consistentHash: { httpHeaderName: x-user } } } }
            """);
        Afterwards(() => DropAsync("networking.istio.io", "DestinationRule", "by-user"));
        await PolicyAsync(BackendPolicy, "balanced", "balancer: MAGLEV");
        await Until.Async(() => UsersAsync(8, 1), static u => u.Distinct().Count() > 1, "users go to different pods");
        string[] first = await UsersAsync(16, 10);
        string[] again = await UsersAsync(16, 10);
        Assert.Equal(first, again);
        Assert.True(first.Distinct().Count() >= 3, string.Join(' ', first));

        async Task<string[]> UsersAsync(int users, int requests)
        {
            var pods = new List<string>();
            for (int i = 0; i < users; i++)
            {
                ShopLoad load = await LoadAsync("browser", requests, "--header", $"x-user: user-{i}");
                pods.Add(string.Join(',', load.Pods.Keys));
            }

            Assert.All(pods, pod => Assert.Contains(pod, names));
            return [.. pods];
        }
    }

    [Fact]
    public async Task PeakEwma_AvoidsTheSlowPod_AndRandomDoesNot()
    {
        string slow = (await PodsAsync("v1"))[0];
        await PolicyAsync(BackendPolicy, "balanced", "balancer: RANDOM");
        await SaysAsync(BackendPolicy, "balanced", "True Accepted");
        await BehaveAsync(slow, "delay=60");
        await Until.Async(ClusterBalancerAsync, static b => b.Contains("Random", StringComparison.Ordinal), "the balancer is there");
        ShopLoad random = await LoadAsync("browser", 600, "--concurrency", "8");

        await PolicyAsync(BackendPolicy, "balanced", "balancer: PEAK_EWMA");
        await Until.Async(ClusterBalancerAsync, static b => b.Contains("PeakEwma", StringComparison.Ordinal), "the balancer is there");
        ShopLoad ewma = await LoadAsync("browser", 600, "--concurrency", "8");

        // A sixth is 100; the peak balancer asks the slow one only now and then.
        Assert.InRange(random.Pods[slow], 60, 145);
        Assert.InRange(ewma.Pods.GetValueOrDefault(slow), 0, 40);
        Assert.Equal((600, 600), (random.Status(200), ewma.Status(200)));

        async Task<string> ClusterBalancerAsync()
        {
            await LoadAsync("browser", 6);
            ExecResult result = await LabCluster.ExecInNetnsAsync(
                "/proc/self/ns/net", [MeshFixture.Built("Ambient.Cli", "ambientctl"), "proxy-config", "clusters", "default/waypoint", "-o", "json", "--kubeconfig", Lab.KubeconfigPath]);
            return result.Output;
        }
    }

    [Fact]
    public async Task TwoPolicies_ForOneService_TheOlderCounts_AndTheOtherSaysSo()
    {
        await PolicyAsync(BackendPolicy, "a-first", "balancer: ROUND_ROBIN");
        await SaysAsync(BackendPolicy, "a-first", "True Accepted");
        await PolicyAsync(BackendPolicy, "b-second", "balancer: RING_HASH");

        string second = await SaysAsync(BackendPolicy, "b-second", "False Conflicted");

        Assert.Contains("a-first is older", second, StringComparison.Ordinal);
        await BecomesAsync("browser", static l => l.Pods.Count == 6 && l.Pods.Values.All(static n => n == 10), "the first one's balancer", "--concurrency", "1");
        await DeleteAsync(Group, BackendPolicy, OrdersFixture.Namespace, "a-first");
        await SaysAsync(BackendPolicy, "b-second", "True Accepted");
        await BecomesAsync("browser", static l => l.Pods.Count == 1, "the second one's balancer");
    }
}
