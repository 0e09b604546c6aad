using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Waypoints;

/// <summary>
/// Manifests of the field, applied as they are, on orders behind a waypoint; their effect is counted on real requests. Those that authorize are
/// in FieldTests.Policies.cs.
/// </summary>
[Collection(DefaultNamespace.Name)]
public sealed partial class FieldTests(MeshFixture mesh, OrdersFixture orders) : OrdersScenario(mesh), IClassFixture<OrdersFixture>
{
    private const string Istio = "networking.istio.io";

    [Fact]
    public async Task F00_Deployment_AsGiven_AnswersFromAllItsPodsThroughTheWaypoint()
    {
        ShopLoad load = await LoadAsync("browser", 600);

        Assert.Equal(600, load.Status(200));
        Assert.Equal(6, load.Pods.Count);
        Assert.NotNull(orders);
    }

    [Fact]
    public async Task F01_Routing_WithSubsetsOf02_SendsTheDebuggerToV2AndATenthOfTheRest()
    {
        await ApplyFileAsync("02-destinationrule-subsets.yaml");
        await ApplyFileAsync("01-virtualservice-routing.yaml");
        await BecomesAsync("browser", l => l.Version("v2") < 20, "most go to v1");

        ShopLoad debug = await LoadAsync("browser", 500, "--header", "end-user: debug");
        ShopLoad rest = await LoadAsync("browser", 5000, "--concurrency", "16");

        Assert.Equal((500, 500), (debug.Status(200), debug.Version("v2")));
        Assert.Equal(5000, rest.Status(200));
        Assert.InRange(rest.Share(rest.Version("v2")), 0.08, 0.12);
    }

    [Fact]
    public async Task F02_ConnectionPool_OverItsBounds_WaitsAtV1AndRefusesAtV2()
    {
        await ApplyFileAsync("02-destinationrule-subsets.yaml");
        await ApplyFileAsync("01-virtualservice-routing.yaml");
        await BecomesAsync("browser", l => l.Version("v2") < 20, "most go to v1");
        await AllBehaveAsync("delay=2000");

        ShopLoad v2 = await LoadAsync("browser", 300, "--concurrency", "300", "--header", "end-user: debug");
        ShopLoad v1 = await LoadAsync("browser", 200, "--concurrency", "200");

        // v2: 100 connections at once, 50 requests that wait for one. The subset v1 has a pool of its own: 50 connections, and whoever waits.
        Assert.InRange(v2.Status(200), 100, 150);
        Assert.Equal(300 - v2.Status(200), v2.Status(503));
        Assert.Equal(200, v1.Status(200));
        Assert.True(v1.Slowest >= 5500, $"the slowest came after {v1.Slowest} ms"); // who waited for the second turn
    }

    [Fact]
    public async Task F03_Retry_SavesRequestsThatFailed()
    {
        await AllBehaveAsync("every=10", "status=503");
        ShopLoad before = await LoadAsync("browser", 1000);
        Assert.InRange(before.Status(503), 80, 120);

        await ApplyFileAsync("03-virtualservice-retry.yaml");
        await BecomesAsync("browser", l => l.Status(503) == 0, "retries save the failed");
        ShopLoad after = await LoadAsync("browser", 2000);

        Assert.InRange(after.Status(503), 0, 4);
    }

    [Fact]
    public async Task F04_Timeout_EndsSlowRequestsAfterFiveSeconds()
    {
        await ApplyFileAsync("04-virtualservice-timeout.yaml");
        await AcceptedAsync(Istio, "VirtualService", "orders-timeout");
        await AllBehaveAsync("delay=9000");

        ShopLoad load = await Until.Async(() => LoadAsync("browser", 20, "--concurrency", "20"), l => l.Status(504) > 0, "the timeout is in force");

        Assert.Equal(20, load.Status(504));
        Assert.True(load.Median >= 4900, $"the answers came after {load.Median} ms"); // and before the pods' nine seconds: they are 504
    }

    [Fact]
    public async Task F05_Breaker_EjectsThePodThatFails()
    {
        string bad = (await PodsAsync("v1"))[0];
        await BehaveAsync(bad, "fail=1");
        ShopLoad before = await LoadAsync("browser", 600);
        Assert.InRange(before.Status(503), 10, 200);

        await ApplyFileAsync("05-destinationrule-circuit-breaker.yaml");
        await BecomesAsync("browser", l => l.Status(503) == 0, "the failing pod is out");
        ShopLoad after = await LoadAsync("browser", 1000);

        Assert.Equal(1000, after.Status(200));
        Assert.DoesNotContain(bad, after.Pods.Keys);
    }

    [Fact]
    public async Task F08_Canary_GetsFivePercent()
    {
        await ApplyFileAsync("02-destinationrule-subsets.yaml");
        await ApplyFileAsync("08-virtualservice-canary.yaml");
        await BecomesAsync("browser", l => l.Version("v2") < 15, "few go to v2");

        ShopLoad load = await LoadAsync("browser", 5000, "--concurrency", "16");

        Assert.Equal(5000, load.Status(200));
        Assert.InRange(load.Share(load.Version("v2")), 0.035, 0.065);
    }

    [Fact]
    public async Task F09_AbTest_SendsMobilesToV2AndNobodyElse()
    {
        await ApplyFileAsync("02-destinationrule-subsets.yaml");
        await ApplyFileAsync("09-virtualservice-ab-test.yaml");
        await BecomesAsync("browser", l => l.Version("v2") == 0, "who names no agent goes to v1");

        ShopLoad mobile = await LoadAsync("browser", 500, "--header", "user-agent: Agent/5.0 (Phone) Mobile Safari");
        ShopLoad desk = await LoadAsync("browser", 500, "--header", "user-agent: Agent/5.0 (Desk)");

        Assert.Equal((500, 500), (mobile.Version("v2"), desk.Version("v1")));
    }

    [Fact]
    public async Task F10_FaultInjection_DelaysATenthAndAbortsATwentieth()
    {
        await ApplyFileAsync("10-virtualservice-fault-injection.yaml");
        await BecomesAsync("browser", l => l.Status(500) > 0, "faults are injected", "--concurrency", "60");

        ShopLoad load = await LoadAsync("browser", 2000, "--concurrency", "200");

        Assert.InRange(load.Share(load.Status(500)), 0.03, 0.07);
        Assert.InRange(load.Share(load.OverSecond), 0.075, 0.125);
        Assert.Equal(2000, load.Status(200) + load.Status(500));
    }

    [Fact]
    public async Task F11_TrafficSplit_SendsATenthToTheOtherService()
    {
        await ApplyFileAsync("11-smi-trafficsplit.yaml");
        await BecomesAsync("browser", l => l.Version("v2") < 20, "few go to v2");

        ShopLoad load = await LoadAsync("browser", 5000, "--concurrency", "16");

        Assert.Equal(5000, load.Status(200));
        Assert.InRange(load.Share(load.Version("v2")), 0.08, 0.12);
    }

    [Fact]
    public async Task F12_ServiceProfile_RetriesPostsAndNotGets()
    {
        await AllBehaveAsync("every=10", "status=503");
        await ApplyFileAsync("12-linkerd-serviceprofile.yaml");
        await BecomesAsync("browser", l => l.Status(503) == 0, "POSTs are retried", "--method", "POST", "--body", "{}");
        ShopLoad posts = await LoadAsync("browser", 1000, "--method", "POST", "--body", "{}");
        ShopLoad gets = await LoadAsync("browser", 500, "http://orders-service/api/orders/7");

        Assert.InRange(posts.Status(503), 0, 3);
        Assert.InRange(gets.Status(503), 35, 65);
    }

    [Fact]
    public async Task F12_ServiceProfile_EndsPostsAfterFiveSecondsAndGetsAfterTen()
    {
        await AllBehaveAsync("every=10", "status=503");
        await ApplyFileAsync("12-linkerd-serviceprofile.yaml");
        await BecomesAsync("browser", l => l.Status(503) == 0, "POSTs are retried", "--method", "POST", "--body", "{}");
        await AllBehaveAsync("delay=14000");

        Task<ShopLoad> posting = LoadAsync("browser", 6, "--concurrency", "6", "--method", "POST", "--body", "{}");
        ShopLoad gets = await LoadAsync("browser", 6, "http://orders-service/api/orders/7", "--concurrency", "6");
        ShopLoad posts = await posting;

        Assert.Equal((6, 6), (posts.Status(504), gets.Status(504)));
        Assert.True(posts.Median >= 4900, $"POSTs ended after {posts.Median} ms");
        Assert.True(posts.Median < gets.Median && gets.Median >= 9900, $"GETs ended after {gets.Median} ms, POSTs after {posts.Median} ms");
    }

    [Fact]
    public async Task F13_Progressive_AtItsFirstStep_SendsNothingToV2()
    {
        await ApplyFileAsync("02-destinationrule-subsets.yaml");
        await ApplyFileAsync("13-virtualservice-progressive.yaml");
        await BecomesAsync("browser", l => l.Version("v2") == 0, "nothing goes to v2");

        ShopLoad load = await LoadAsync("browser", 2000, "--concurrency", "16");

        Assert.Equal(2000, load.Version("v1"));
    }

    [Fact]
    public async Task F16_RateLimit_GivesEachPodABucketOfItsOwn()
    {
        await ApplyFileAsync("16-envoyfilter-local-ratelimit.yaml");
        await AcceptedAsync(Istio, "EnvoyFilter", "rate-limit-filter");
        // Until the filter is in force nothing is limited; then six pods have a hundred requests a minute each.
        await Until.Async(() => LoadAsync("browser", 300), l => l.Status(429) > 0, "requests are limited");
        ShopLoad load = await LoadAsync("browser", 1000);

        Assert.InRange(load.Status(429), 400, 1000);
        Assert.Equal(1000, load.Status(200) + load.Status(429));
    }
}
