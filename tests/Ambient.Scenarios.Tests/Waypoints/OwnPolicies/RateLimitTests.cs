using Ambient.Kube.Resources;
using Ambient.Kube.Http;
using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Waypoints.OwnPolicies;

/// <summary>RateLimitPolicy at a waypoint and at a gateway (docs/rate-limit-policy.md), to the request: buckets are large against what comes back in a test.</summary>
[Collection(DefaultNamespace.Name)]
public sealed class RateLimitTests(MeshFixture mesh, OrdersFixture orders) : OwnPolicyScenario(mesh), IClassFixture<OrdersFixture>
{
    [Fact]
    public async Task Service_LimitForEverybody_LetsExactlyTheBucketThrough_AndSaysSo()
    {
        Assert.NotNull(orders);
        await PolicyAsync(RateLimitPolicy, "everybody", "limits: [{ requests: 5, interval: 1h, burst: 40 }]");
        await SaysAsync(RateLimitPolicy, "everybody", "True Accepted");
        int left = await LeftAsync("browser", 40);

        WholeAnswer within = await AskAsync("payment");
        ShopLoad load = await LoadAsync("browser", 100);
        WholeAnswer over = await AskAsync("payment");

        // Both callers share the bucket.
        Assert.Equal((200, $"{left - 1}", "40", "0"), (within.Status, within["x-ratelimit-remaining"], within["x-ratelimit-limit"], within["x-ratelimit-reset"]));
        Assert.Equal((left - 1, 101 - left, 101 - left), (load.Status(200), load.Status(429), load.Reason("rate-limited")));
        Assert.Equal((429, "40", "0", "true", "rate-limited"), (over.Status, over["x-ratelimit-limit"], over["x-ratelimit-remaining"], over["x-envoy-ratelimited"], over["ambient-reason"]));
        Assert.Equal(over["x-ratelimit-reset"], over["retry-after"]);
        Assert.InRange(over.Number("retry-after"), 600, 720); // five an hour: one in twelve minutes, of which the test took little
        Assert.Equal("rate limit of RateLimitPolicy default/everybody rule 0: 5 in 3600 s", over.Body.Trim());
        foreach (string gone in (string[])["retry-after", "x-envoy-ratelimited", "ambient-reason"])
        {
            Assert.Equal("", within[gone]);
        }

        // gRPC has a status of its own: RESOURCE_EXHAUSTED is 8.
        WholeAnswer grpc = await AskAsync("browser", Orders, "--http2-prior-knowledge", "-X", "POST", "-H", "content-type: application/grpc", "-H", "te: trailers");
        Assert.Equal((200, "8"), (grpc.Status, grpc["grpc-status"]));
    }

    [Fact]
    public async Task Service_LimitForEachCaller_CountsIdentitiesApart()
    {
        await PolicyAsync(RateLimitPolicy, "callers", "limits: [{ requests: 1, interval: 1h, burst: 20, by: CALLER }]");
        int left = await LeftAsync("browser", 20);

        ShopLoad[] loads = await Task.WhenAll(LoadAsync("browser", 60), LoadAsync("payment", 60));

        Assert.Equal((left, 60 - left), (loads[0].Status(200), loads[0].Status(429)));
        Assert.Equal((20, 40), (loads[1].Status(200), loads[1].Status(429)));
        Assert.EndsWith("for each caller", (await AskAsync("payment")).Body.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Service_LimitForEachHeaderValue_CountsOnlyWhatMatches()
    {
        await PolicyAsync(
            RateLimitPolicy, "users", "limits: [{ requests: 1, interval: 1h, burst: 10, header: x-user, matches: [{ path: { type: PathPrefix, value: /api/login }, method: POST }] }]");
        const string login = "http://orders-service/api/login";
        int left = await LeftOfAsync("nobody");

        ShopLoad nobody = await LoadAsync("browser", 30, login, "--method", "POST", "--body", "{}", "--header", "x-user: nobody");
        ShopLoad ann = await LoadAsync("browser", 30, login, "--method", "POST", "--body", "{}", "--header", "x-user: ann");
        ShopLoad without = await LoadAsync("browser", 30, login, "--method", "POST", "--body", "{}");
        ShopLoad get = await LoadAsync("browser", 60, login, "--header", "x-user: ann");
        ShopLoad other = await LoadAsync("browser", 60, "--method", "POST", "--body", "{}", "--header", "x-user: ann");

        Assert.Equal((left, 30 - left), (nobody.Status(200), nobody.Status(429)));
        Assert.Equal((10, 20), (ann.Status(200), ann.Status(429)));
        Assert.Equal((10, 20), (without.Status(200), without.Status(429)));
        Assert.Equal((60, 60), (get.Status(200), other.Status(200)));

        async Task<int> LeftOfAsync(string user)
        {
            WholeAnswer answer = await Until.Async(
                () => AskAsync("browser", login, "-X", "POST", "-H", $"x-user: {user}"), static a => a["x-ratelimit-limit"] == "10", "logins are limited");
            return answer.Number("x-ratelimit-remaining");
        }
    }

    [Fact]
    public async Task Route_AndItsService_BothCount_AndOtherRoutesDoNot()
    {
        await ApplyAsync("""
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: { name: checkout, namespace: default }
            spec:
              parentRefs: [{ group: "", kind: Service, name: orders-service }]
              rules:
                - { matches: [{ path: { value: /api/checkout } }], backendRefs: [{ name: orders-service, port: 80 }] }
                - { matches: [{ path: { value: /api/pay } }], backendRefs: [{ name: orders-service, port: 80 }] }
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: { name: rest, namespace: default }
            spec:
              parentRefs: [{ group: "", kind: Service, name: orders-service }]
              rules: [{ backendRefs: [{ name: orders-service, port: 80 }] }]
            """);
        Afterwards(() => DropAsync("gateway.networking.k8s.io", "HTTPRoute", "checkout"));
        Afterwards(() => DropAsync("gateway.networking.k8s.io", "HTTPRoute", "rest"));
        await PolicyAsync(RateLimitPolicy, "of-route", "limits: [{ requests: 1, interval: 1h, burst: 15 }]", "{ group: gateway.networking.k8s.io, kind: HTTPRoute, name: checkout }");
        await Until.Async(() => AskAsync("browser", "http://orders-service/api/checkout"), static a => a["x-ratelimit-limit"] == "15", "the route is limited");
        int left = (await AskAsync("browser", "http://orders-service/api/pay")).Number("x-ratelimit-remaining");

        // The two rules of the route share what is left; the other route has no limit.
        ShopLoad half = await LoadAsync("browser", left - 3, "http://orders-service/api/checkout");
        ShopLoad over = await LoadAsync("browser", 40, "http://orders-service/api/pay");
        ShopLoad rest = await LoadAsync("browser", 60, "http://orders-service/api/orders");
        Assert.Equal((left - 3, 3, 37), (half.Status(200), over.Status(200), over.Status(429)));
        Assert.Equal(60, rest.Status(200));

        // With a limit of the service, everything needs a token of that too.
        await PolicyAsync(RateLimitPolicy, "of-service", "limits: [{ requests: 1, interval: 1h, burst: 50 }]");
        int all = await LeftAsync("browser", 50);
        ShopLoad still = await LoadAsync("browser", 10, "http://orders-service/api/pay");
        ShopLoad service = await LoadAsync("browser", 100);
        Assert.Equal(10, still.Status(429)); // the route's bucket is as empty as before, and its refusals cost the service's nothing
        Assert.Equal((all, 100 - all), (service.Status(200), service.Status(429)));
    }

    [Fact]
    public async Task Gateway_LimitsWhatComesThroughIt_AndAWaypointIsRefused()
    {
        await PolicyAsync(RateLimitPolicy, "at-waypoint", "limits: [{ requests: 1, interval: 1h }]", "{ group: gateway.networking.k8s.io, kind: Gateway, name: waypoint }");
        string refused = await SaysAsync(RateLimitPolicy, "at-waypoint", "False Invalid");
        Assert.Contains("is a waypoint", refused, StringComparison.Ordinal);
        await ApplyAsync("""
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: { name: edge, namespace: default, annotations: { ambient.dev/service-type: ClusterIP } }
            spec: { gatewayClassName: ambient, listeners: [{ name: http, port: 80, protocol: HTTP }] }
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: { name: from-outside, namespace: default }
            spec: { parentRefs: [{ name: edge }], rules: [{ backendRefs: [{ name: orders-service, port: 80 }] }] }
            """);
        Afterwards(() => DropAsync("gateway.networking.k8s.io", "Gateway", "edge"));
        Afterwards(() => DropAsync("gateway.networking.k8s.io", "HTTPRoute", "from-outside"));
        await PolicyAsync(RateLimitPolicy, "at-gateway", "limits: [{ requests: 1, interval: 1h, burst: 25 }]", "{ group: gateway.networking.k8s.io, kind: Gateway, name: edge }");
        await Lab.WaitReadyAsync(OrdersFixture.Namespace, "gateway.networking.k8s.io/gateway-name=edge", 1, TimeSpan.FromSeconds(90), Stop);
        Pod gateway = (await Lab.Admin.Resource<Pod>().ListAsync(OrdersFixture.Namespace, new ListOptions { LabelSelector = "gateway.networking.k8s.io/gateway-name=edge" }, Stop)).Items.Single();
        string url = $"http://{gateway.Status!.PodIp}/api/orders";
        await SaysAsync(RateLimitPolicy, "at-gateway", "True Accepted");

        int left = await Until.Async(OutsideAsync, static r => r.Limit == "25", "the gateway limits") is var (_, _, remaining) ? int.Parse(remaining, System.Globalization.CultureInfo.InvariantCulture) : 0;
        var statuses = new List<int>();
        for (int i = 0; i < left + 5; i++)
        {
            statuses.Add((await OutsideAsync()).Status);
        }

        // Everybody outside is without identity and shares the bucket; who comes by the waypoint meets no limit.
        Assert.Equal([.. Enumerable.Repeat(200, left), .. Enumerable.Repeat(429, 5)], statuses);
        Assert.Equal(60, (await LoadAsync("browser", 60)).Status(200));

        async Task<(int Status, string Limit, string Remaining)> OutsideAsync()
        {
            ExecResult result = await LabCluster.ExecInNetnsAsync(Lab.Nodes[1].NetnsPath, ["curl", "-s", "-i", "-m", "10", url]);
            WholeAnswer? answer = result.ExitCode == 0 ? WholeAnswer.Parse(result.Output) : null;
            return (answer?.Status ?? 0, answer?["x-ratelimit-limit"] ?? "", answer?["x-ratelimit-remaining"] ?? "");
        }
    }

    [Fact]
    public async Task Policy_ChangedBrokenAndDeletedAtRunTime_CountsAsTheLastGoodVersionSays()
    {
        await PolicyAsync(RateLimitPolicy, "changing", "limits: [{ requests: 1, interval: 1h, burst: 30 }]");
        await LeftAsync("browser", 30);
        await PolicyAsync(RateLimitPolicy, "changing", "limits: [{ requests: 1, interval: 1h, burst: 60 }]");
        int left = await LeftAsync("browser", 60);
        ShopLoad load = await LoadAsync("browser", 90);
        Assert.Equal((left, 90 - left), (load.Status(200), load.Status(429)));

        // Refused: the last good version stays in force, and its bucket stays empty.
        await PolicyAsync(RateLimitPolicy, "changing", "limits: [{ requests: 1, interval: 1h, burst: 70, heade: x-user }]");
        string refused = await SaysAsync(RateLimitPolicy, "changing", "False");
        Assert.Contains("spec.limits[0].heade", refused, StringComparison.Ordinal);
        Assert.Equal(20, (await LoadAsync("browser", 20)).Status(429));

        // Two a second: who waits as long as the answer says gets through.
        await PolicyAsync(RateLimitPolicy, "changing", "limits: [{ requests: 2, interval: 10s, burst: 2 }]");
        WholeAnswer over = await Until.Async(() => AskAsync("browser"), static a => a is { Status: 429 } && a["x-ratelimit-limit"] == "2", "the new limit is in force and used up");
        Assert.InRange(over.Number("retry-after"), 1, 5);
        await Task.Delay(TimeSpan.FromSeconds(over.Number("retry-after")), TimeProvider.System, Stop);
        Assert.Equal(200, (await AskAsync("browser")).Status);

        // One of two targets is not there: the other is limited.
        await PolicyAsync(
            RateLimitPolicy, "changing", "limits: [{ requests: 1, interval: 1h, burst: 35 }]", "{ kind: Service, name: orders-service }, { kind: Service, name: nowhere }");
        await SaysAsync(RateLimitPolicy, "changing", "False TargetNotFound");
        left = await LeftAsync("browser", 35);
        load = await LoadAsync("browser", 50);
        Assert.Equal((left, 50 - left), (load.Status(200), load.Status(429)));

        await DeleteAsync(Group, RateLimitPolicy, OrdersFixture.Namespace, "changing");
        await UnlimitedAsync("browser");
        Assert.Equal(100, (await LoadAsync("browser", 100)).Status(200));
    }
}
