using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Waypoints.OwnPolicies;

/// <summary>Linkerd's annotations on a Service and on an HTTPRoute, by how often the pods were asked and what the client got.</summary>
[Collection(DefaultNamespace.Name)]
public sealed class LinkerdAnnotationTests(MeshFixture mesh, OrdersFixture orders) : OwnPolicyScenario(mesh), IClassFixture<OrdersFixture>
{
    private const string Accrual = "balancer.linkerd.io/failure-accrual";

    [Fact]
    public async Task Retry_OfAService_SavesRequestsAndStopsAtItsLimit()
    {
        Assert.NotNull(orders);
        await AllBehaveAsync("every=10", "status=503");
        await AnnotateServiceAsync(("retry.linkerd.io/http", "5xx"), ("retry.linkerd.io/limit", "3"));
        await BecomesAsync("browser", static l => l.Status(503) == 0, "retries save the failed");
        ShopLoad saved = await LoadAsync("browser", 1000);
        Assert.InRange(saved.Status(200), 996, 1000);

        // All fail: each request is tried once and three times again.
        await AllBehaveAsync("fail=1");
        ShopLoad failed = await LoadAsync("browser", 5, "--concurrency", "1");
        Assert.Equal((5, 20), (failed.Status(503), await ServedAsync()));

        // Without a limit, once again; a status that is not named, never.
        await AnnotateServiceAsync(("retry.linkerd.io/http", "500-502"));
        await AnnotateServiceAsync(("retry.linkerd.io/limit", ""));
        await AllBehaveAsync("fail=1", "status=502");
        await Until.Async(() => AttemptsAsync(502), static n => n == 2, "one further attempt");
        await AllBehaveAsync("fail=1", "status=503");
        Assert.Equal(1, await AttemptsAsync(503));
    }

    [Fact]
    public async Task Timeouts_OfAService_EndTheRequestOrTheAttempt()
    {
        await AllBehaveAsync("delay=4000");
        await AnnotateServiceAsync(("timeout.linkerd.io/request", "700ms"));
        WholeAnswer late = await Until.Async(() => AskAsync("browser"), static a => a.Status == 504, "the request's timeout is in force");
        Assert.Equal("deadline-exceeded", late["ambient-reason"]);

        await AnnotateServiceAsync(("timeout.linkerd.io/request", ""), ("timeout.linkerd.io/response", "500ms"));
        WholeAnswer slow = await Until.Async(() => AskAsync("browser"), static a => a is { Status: 504 } && a["ambient-reason"] == "attempt-timeout", "the response's timeout is in force");
        Assert.NotNull(slow);

        // A response's timeout is not tried again unless retries are asked for.
        await AllBehaveAsync("delay=4000");
        ShopLoad load = await LoadAsync("browser", 5, "--concurrency", "5");
        Assert.Equal((5, 5), (load.Status(504), await ServedAsync()));
    }

    [Fact]
    public async Task RetryTimeout_OfAService_TriesSlowAttemptsAgain()
    {
        string slow = (await PodsAsync("v1"))[0];
        await AnnotateServiceAsync(("retry.linkerd.io/http", "500"), ("retry.linkerd.io/limit", "2"), ("retry.linkerd.io/timeout", "600ms"));
        await AllBehaveAsync("delay=4000");
        await Until.Async(() => AttemptsAsync(504), static n => n == 3, "one attempt and two more");
        await AllBehaveAsync();
        await BehaveAsync(slow, "delay=20000");

        ShopLoad load = await LoadAsync("browser", 60, "--concurrency", "8");

        Assert.Equal(60, load.Status(200));
        Assert.DoesNotContain(slow, load.Pods.Keys);
    }

    [Fact]
    public async Task FailureAccrual_AfterSoManyFailuresInARow_LeavesThePodOut()
    {
        string bad = (await PodsAsync("v1"))[0];
        await AnnotateServiceAsync(
            (Accrual, "consecutive"), ($"{Accrual}-consecutive-max-failures", "3"), ($"{Accrual}-consecutive-min-penalty", "60s"), ($"{Accrual}-consecutive-max-penalty", "90s"));
        await ApplyAsync("""
            apiVersion: ambient.dev/v1alpha1
            kind: BackendPolicy
            metadata: { name: even, namespace: default }
            spec: { targetRefs: [{ kind: Service, name: orders-service }], balancer: ROUND_ROBIN }
            """);
        Afterwards(() => DropAsync(Group, BackendPolicy, "even"));
        await BecomesAsync("browser", static l => l.Pods.Count == 6 && l.Pods.Values.All(static n => n == 10), "each pod gets a sixth", "--concurrency", "1");
        await BehaveAsync(bad, "fail=1");

        ShopLoad load = await LoadAsync("browser", 600, "--concurrency", "1");

        Assert.Equal((597, 3), (load.Status(200), load.Status(503)));
        await BelievedAsync(bad, false, "ejected");
        await BehaveAsync(bad);

        // All of them: nobody is asked any more.
        await AllBehaveAsync("fail=1");
        await BecomesAsync("browser", static l => l.Reason("no-healthy-endpoint") == 60, "all are left out");
        await DeleteAsync(Group, BackendPolicy, OrdersFixture.Namespace, "even");
    }

    [Fact]
    public async Task FailureAccrual_AfterItsPenalty_LetsOneRequestDecide()
    {
        string bad = (await PodsAsync("v2"))[0];
        await AnnotateServiceAsync(
            (Accrual, "consecutive"), ($"{Accrual}-consecutive-max-failures", "2"), ($"{Accrual}-consecutive-min-penalty", "1s"), ($"{Accrual}-consecutive-max-penalty", "2s"),
            ($"{Accrual}-consecutive-jitter-ratio", "0"));
        await BehaveAsync(bad, "fail=1");
        await Until.Async(() => LoadAsync("browser", 60), static l => l.Status(503) == 0, "the failing pod is out");

        ShopLoad meanwhile = await LoadAsync("browser", 200, "--concurrency", "1", "--interval", "20");
        await BehaveAsync(bad);
        await Until.Async(() => LoadAsync("browser", 60), l => l.Pods.ContainsKey(bad), "one that succeeds brings it back");

        // Single requests probe, one after each penalty.
        Assert.InRange(meanwhile.Status(503), 0, 6);
        Assert.Equal(200, meanwhile.Status(200) + meanwhile.Status(503));
    }

    [Fact]
    public async Task Annotations_OfAnHttpRoute_GoBeforeThoseOfItsService()
    {
        await ApplyAsync("""
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: { name: annotated, namespace: default, annotations: { retry.linkerd.io/http: "503", retry.linkerd.io/limit: "2" } }
            spec:
              parentRefs: [{ group: "", kind: Service, name: orders-service }]
              rules: [{ matches: [{ path: { value: /api/tried } }], backendRefs: [{ name: orders-service, port: 80 }] }]
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: { name: bare, namespace: default }
            spec:
              parentRefs: [{ group: "", kind: Service, name: orders-service }]
              rules: [{ backendRefs: [{ name: orders-service, port: 80 }] }]
            """);
        Afterwards(() => DropAsync("gateway.networking.k8s.io", "HTTPRoute", "annotated"));
        Afterwards(() => DropAsync("gateway.networking.k8s.io", "HTTPRoute", "bare"));
        await AllBehaveAsync("fail=1");
        await Until.Async(() => AttemptsAsync(503, "http://orders-service/api/tried"), static n => n == 3, "the route's two further attempts");
        Assert.Equal(1, await AttemptsAsync(503));

        await AnnotateServiceAsync(("retry.linkerd.io/http", "5xx"), ("retry.linkerd.io/limit", "1"));
        await Until.Async(() => AttemptsAsync(503), static n => n == 2, "the service's one, where the route says nothing");
        Assert.Equal(3, await AttemptsAsync(503, "http://orders-service/api/tried"));
    }

    /// <summary>How often pods are asked for one request, all of which end with this status.</summary>
    private async Task<int> AttemptsAsync(int status, string url = Orders)
    {
        int before = await ServedAsync();
        WholeAnswer answer = await AskAsync("browser", url);
        return answer.Status == status ? await ServedAsync() - before : -answer.Status;
    }
}
