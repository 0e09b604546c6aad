using System.Collections.Concurrent;
using Ambient.Core.Routes;
using Ambient.Core.Workloads;
using Ambient.Testing;
using Ambient.Waypoint.Requests;
using Ambient.Waypoint.Tests.Requests.Rig;
using Ambient.Waypoint.Upstreams;
using Ambient.Waypoint.Upstreams.Clusters;
using Ambient.Waypoint.Upstreams.Health;
using Microsoft.AspNetCore.Http;

namespace Ambient.Waypoint.Tests.Requests;

public sealed class ResilienceTests : IAsyncDisposable
{
    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);
    private readonly RequestRig _rig;

    public ResilienceTests() => _rig = new RequestRig(_time);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Breaker_FiveErrorsInARow_EjectsProbesWithOneRequestAndBringsBack()
    {
        int status = 500;
        TestUpstream bad = await _rig.EndpointAsync("bad", http =>
        {
            http.Response.StatusCode = Volatile.Read(ref status);
            return Task.CompletedTask;
        });
        TestUpstream good = await _rig.EndpointAsync("good", static _ => Task.CompletedTask);
        _rig.Policy(new TrafficPolicy
        {
            LoadBalancer = new LoadBalancer { Kind = LoadBalancerKind.RoundRobin },
            OutlierDetection = new OutlierDetection { Consecutive5xx = 5, BaseEjectionTime = TimeSpan.FromSeconds(30), MaxEjectionPercent = 100 },
        });
        await _rig.StartAsync();
        TestClient client = _rig.Client();

        for (int i = 0; i < 10; i++)
        {
            await client.AskAsync("/");
        }

        Assert.Equal(["ejected bad"], _rig.Events);
        Assert.Equal(5, bad.Requests);
        EndpointView view = EndpointViews.Of(_rig.Cluster).Single(v => v.Workload == "shop/bad");
        Assert.True(view.Ready);
        Assert.False(view.Taken);
        Assert.Equal("ejected 1 times, for 30 s more", view.Why);

        for (int i = 0; i < 20; i++)
        {
            Assert.Equal("200", await client.AskAsync("/"));
        }

        Assert.Equal(5, bad.Requests);

        _time.Advance(TimeSpan.FromSeconds(31));
        for (int i = 0; i < 4; i++)
        {
            await client.AskAsync("/");
        }

        Assert.Equal(6, bad.Requests); // one request tried it, and it was not good
        _time.Advance(TimeSpan.FromSeconds(61));
        Volatile.Write(ref status, 200);
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal("200", await client.AskAsync("/"));
        }

        Assert.True(bad.Requests > 8);
        Assert.True(EndpointViews.Of(_rig.Cluster).Single(v => v.Workload == "shop/bad").Taken);
    }

    [Fact]
    public async Task Breaker_OnlyOneProbeAtATime_WhileItHasNotAnswered()
    {
        TaskCompletionSource release = new();
        bool bad = true;
        TestUpstream sick = await _rig.EndpointAsync("sick", async http =>
        {
            if (bad)
            {
                http.Response.StatusCode = 500;
                return;
            }

            await release.Task;
        });
        await _rig.EndpointAsync("good", static _ => Task.CompletedTask);
        _rig.Policy(new TrafficPolicy
        {
            LoadBalancer = new LoadBalancer { Kind = LoadBalancerKind.RoundRobin },
            OutlierDetection = new OutlierDetection { Consecutive5xx = 1, BaseEjectionTime = TimeSpan.FromSeconds(10), MaxEjectionPercent = 100 },
        });
        await _rig.StartAsync();
        TestClient client = _rig.Client();
        await client.AskAsync("/");
        await client.AskAsync("/");
        Assert.Equal(1, sick.Requests);

        bad = false;
        _time.Advance(TimeSpan.FromSeconds(11));
        Task<string>[] asked = [.. Enumerable.Range(0, 10).Select(_ => client.AskAsync("/"))];
        await Wait.UntilAsync(() => asked.Count(t => t.IsCompleted) == 9, "nine go to the good one");

        Assert.Equal(2, sick.Requests);
        release.SetResult();
        await Task.WhenAll(asked);
    }

    [Fact]
    public async Task Limits_OneConnectionOneWaits_TheThirdIsRefusedAtOnce()
    {
        TaskCompletionSource release = new();
        TestUpstream one = await _rig.EndpointAsync("a", _ => release.Task);
        _rig.Policy(new TrafficPolicy { ConnectionPool = new ConnectionPool { MaxConnections = 1, MaxPendingRequests = 1 } });
        await _rig.StartAsync();
        TestClient client = _rig.Client();

        Task<string> first = client.AskAsync("/");
        await Wait.UntilAsync(() => one.Requests == 1, "the first arrives");
        Task<string> second = client.AskAsync("/");
        await Wait.UntilAsync(() => _rig.Cluster.Gate.Waiting == 1, "the second waits");
        string third = await client.AskAsync("/");

        Assert.StartsWith("503 overflow all 1 connections are taken and 1 requests wait", third, StringComparison.Ordinal);
        Assert.Equal(ResponseFlags.UpstreamOverflow, (await _rig.LastAsync()).Flags);
        release.SetResult();
        Assert.Equal(["200", "200"], await Task.WhenAll(first, second));
        Assert.Equal((0L, 0, 1L), (_rig.Cluster.Gate.Active, _rig.Cluster.Gate.Waiting, _rig.Cluster.Gate.Overflows));
        Assert.Single(_rig.Dialer.Dialled);
    }

    [Fact]
    public async Task Limits_TheOneThatWaitsGivesUp_ItsPlaceIsFree()
    {
        TaskCompletionSource release = new();
        TestUpstream one = await _rig.EndpointAsync("a", _ => release.Task);
        _rig.Policy(new TrafficPolicy { ConnectionPool = new ConnectionPool { MaxConnections = 1, MaxPendingRequests = 1 } });
        await _rig.StartAsync();
        TestClient client = _rig.Client();
        Task<string> first = client.AskAsync("/");
        await Wait.UntilAsync(() => one.Requests == 1, "the first arrives");

        using CancellationTokenSource leave = new();
        Task<HttpResponseMessage> second = client.SendAsync(client.Request(HttpMethod.Get, "/"), leave.Token);
        await Wait.UntilAsync(() => _rig.Cluster.Gate.Waiting == 1, "the second waits");
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await Wait.UntilAsync(() => _rig.Cluster.Gate.Waiting == 0, "nobody waits");
        release.SetResult();

        Assert.Equal("200", await first);
        RequestRecord left = await _rig.LastAsync(1);
        Assert.Contains(_rig.Records, r => r.Status == 499 && r.Flags == ResponseFlags.DownstreamConnectionTermination);
        Assert.NotNull(left);
    }

    [Fact]
    public async Task RequestsPerConnection_One_EachRequestHasItsOwn()
    {
        await _rig.EndpointAsync("a", static _ => Task.CompletedTask);
        _rig.Policy(new TrafficPolicy { ConnectionPool = new ConnectionPool { MaxRequestsPerConnection = 1 } });
        await _rig.StartAsync();
        TestClient client = _rig.Client();
        for (int i = 0; i < 5; i++)
        {
            await client.AskAsync("/");
        }

        Assert.Equal(5, _rig.Dialer.Dialled.Count);
    }

    [Fact]
    public async Task Discovery_EndpointBecomesUnready_IsNotAskedAndKeepsItsHistory()
    {
        TestUpstream a = await _rig.EndpointAsync("a", static _ => Task.CompletedTask);
        TestUpstream b = await _rig.EndpointAsync("b", static _ => Task.CompletedTask);
        await _rig.StartAsync();
        TestClient client = _rig.Client();
        for (int i = 0; i < 20; i++)
        {
            await client.AskAsync("/");
        }

        ClusterEndpoint before = _rig.Cluster.State.Endpoints.Values.Single(e => e.Workload.Name == "b");
        _rig.Declare(a.Workload(_rig.Service) with { Health = WorkloadHealth.Unhealthy });
        int asked = a.Requests;
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal("200", await client.AskAsync("/"));
        }

        Assert.Equal(asked, a.Requests);
        Assert.Same(before, _rig.Cluster.State.Endpoints.Values.Single(e => e.Workload.Name == "b"));
        Assert.Equal("discovery says not ready", EndpointViews.Of(_rig.Cluster).Single(v => v.Workload == "shop/a").Why);
        Assert.True(b.Requests > 0);
    }

    [Fact]
    public async Task Subsets_ByLabel_GetTheirShares()
    {
        TestUpstream v1 = await _rig.EndpointAsync("v1", static _ => Task.CompletedTask, labels: "version=v1");
        TestUpstream v2 = await _rig.EndpointAsync("v2", static _ => Task.CompletedTask, labels: "version=v2");
        _rig.Policy(TrafficPolicy.Default, Subset("v1"), Subset("v2"));
        _rig.Route(RequestRig.ToService() with
        {
            Action = new RouteAction.Forward(
            [
                new WeightedBackend { Target = RequestRig.Target("v1"), Weight = 90 },
                new WeightedBackend { Target = RequestRig.Target("v2"), Weight = 10 },
            ]),
        });
        await _rig.StartAsync();
        TestClient client = _rig.Client();
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal("200", await client.AskAsync("/"));
        }

        Assert.Equal(1000, v1.Requests + v2.Requests);
        Assert.InRange(v2.Requests, 60, 145); // 100, give or take four standard deviations
    }

    [Fact]
    public async Task MissingSubset_503AndNoClusterFlag()
    {
        await _rig.EndpointAsync("a", static _ => Task.CompletedTask);
        _rig.Route(RequestRig.ToService("v9"));
        await _rig.StartAsync();

        Assert.Equal("503 no-such-backend service shop/orders.shop has no subset v9", await _rig.Client().AskAsync("/"));
        Assert.Equal(ResponseFlags.NoClusterFound, (await _rig.LastAsync()).Flags);
    }

    [Fact]
    public async Task HashCookie_Generated_SticksToOneEndpoint()
    {
        ConcurrentBag<string> names = [];
        for (int i = 0; i < 4; i++)
        {
            string name = $"e{i}";
            await _rig.EndpointAsync(name, http =>
            {
                names.Add(name);
                return Task.CompletedTask;
            });
        }

        _rig.Policy(new TrafficPolicy
        {
            LoadBalancer = new LoadBalancer
            {
                Kind = LoadBalancerKind.RingHash,
                HashKey = new HashKey(HashKeyKind.Cookie, "who") { CookieTtl = TimeSpan.FromMinutes(1), CookiePath = "/" },
            },
        });
        await _rig.StartAsync();
        TestClient client = _rig.Client();

        using HttpResponseMessage first = await client.GetAsync("/");
        string cookie = first.Headers.GetValues("set-cookie").Single();
        Assert.Matches("^who=\"[0-9a-f]{16}\"; Max-Age=60; Path=/; HttpOnly$", cookie);
        for (int i = 0; i < 20; i++)
        {
            using HttpResponseMessage again = await client.GetAsync("/", $"cookie: {cookie[..cookie.IndexOf(';', StringComparison.Ordinal)]}");
            Assert.False(again.Headers.Contains("set-cookie"));
        }

        Assert.Single(names.Distinct());
    }

    [Fact]
    public async Task HealthChecks_FailingEndpoint_IsLeftOutUntilChecksSucceed()
    {
        int status = 503;
        TestUpstream sick = await _rig.EndpointAsync("sick", http =>
        {
            http.Response.StatusCode = http.Request.Path == "/healthz" ? Volatile.Read(ref status) : 200;
            return Task.CompletedTask;
        });
        await _rig.EndpointAsync("good", static _ => Task.CompletedTask);
        _rig.Policy(new TrafficPolicy
        {
            HealthCheck = new HealthCheck { Path = "/healthz", Interval = TimeSpan.FromSeconds(1), UnhealthyThreshold = 2, HealthyThreshold = 1, Timeout = TimeSpan.FromMinutes(1) },
        });
        await _rig.StartAsync();
        TestClient client = _rig.Client();
        await client.AskAsync("/");
        await using HealthProbes probes = new(
            _rig.Clusters, _rig.Invokers, _rig.Dialer, static () => Core.Identity.PeerIdentity.Plaintext, _rig, _time);

        await RoundsAsync(3, () => _rig.Events.Contains("unhealthy sick"));
        Assert.Equal("active checks fail", EndpointViews.Of(_rig.Cluster).Single(v => v.Workload == "shop/sick").Why);
        int asked = sick.Requests;
        for (int i = 0; i < 20; i++)
        {
            await client.AskAsync("/");
        }

        Assert.InRange(sick.Requests, asked, asked + 1); // at most a check that was under way
        Volatile.Write(ref status, 200);
        await RoundsAsync(3, () => _rig.Events.Contains("healthy sick"));
        Assert.True(EndpointViews.Of(_rig.Cluster).Single(v => v.Workload == "shop/sick").Taken);

        async Task RoundsAsync(int rounds, Func<bool> until)
        {
            for (int i = 0; i < rounds * 4 && !until(); i++)
            {
                _time.Advance(TimeSpan.FromSeconds(1.1));
                await Task.Delay(50, Stop);
            }

            await Wait.UntilAsync(until, "checks tell");
        }
    }

    [Fact]
    public async Task Outcomes_TenThousandMixed_LeaveNothingPending()
    {
        await _rig.EndpointAsync("a", Mixed);
        TestUpstream dead = await _rig.EndpointAsync("dead", static _ => Task.CompletedTask);
        _rig.Dialer.Refused[dead.Address.ToString()] = UpstreamDialFailure.Connect;
        _rig.Policy(new TrafficPolicy
        {
            OutlierDetection = new OutlierDetection { Consecutive5xx = 50, MaxEjectionPercent = 50 },
            ConnectionPool = new ConnectionPool { MaxConnections = 20, MaxPendingRequests = 20 },
        });
        _rig.Route(RequestRig.ToService() with
        {
            Retry = new RetryPolicy { Attempts = 2, On = RetryOn.GatewayError | RetryOn.ConnectFailure, BackoffBase = TimeSpan.Zero, PerTryTimeout = TimeSpan.FromSeconds(30) },
        });
        await _rig.StartAsync();
        TestClient h1 = _rig.Client();
        TestClient h2 = _rig.Client(http2: true);

        await Parallel.ForAsync(0, 10_000, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Stop }, async (i, ct) =>
        {
            TestClient client = i % 2 == 0 ? h1 : h2;
            using CancellationTokenSource leave = CancellationTokenSource.CreateLinkedTokenSource(ct);
            HttpContent? body = i % 5 == 0 ? new ByteArrayContent(new byte[i % 7 == 0 ? 70_000 : 100]) : null;
            Task<HttpResponseMessage> sent = client.SendAsync(client.Request(body is null ? HttpMethod.Get : HttpMethod.Post, $"/{i % 10}", body), leave.Token);
            if (i % 11 == 0)
            {
                leave.CancelAfter(i % 3);
            }

            try
            {
                using HttpResponseMessage answer = await sent;
                await answer.Content.CopyToAsync(Stream.Null, leave.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
            {
            }
        });

        Cluster cluster = _rig.Cluster;
        await Wait.UntilAsync(() => _rig.Records.Count >= 9_000 && cluster.Gate.Active == 0, "all end");
        await Wait.UntilAsync(() => cluster.State.Endpoints.Values.All(e => e.Pending == 0), "nothing is pending");
        Assert.Equal((0L, 0, 0), (cluster.Gate.Active, cluster.Gate.Waiting, cluster.Gate.Retries));
        Assert.Equal(0, cluster.State.BudgetMeter.ActiveRetries);
        Assert.Contains(_rig.Records, r => r.Status == 200);
        Assert.Contains(_rig.Records, r => r.Status == 503);
        Assert.Contains(_rig.Records, r => r.Attempts > 1);

        static async Task Mixed(HttpContext http)
        {
            switch (http.Request.Path.Value)
            {
                case "/0":
                    http.Abort();
                    break;
                case "/1":
                    http.Response.StatusCode = 503;
                    break;
                case "/2":
                    await Task.Delay(1);
                    break;
                case "/3":
                    http.Response.ContentLength = 100;
                    await http.Response.Body.WriteAsync(new byte[10]);
                    http.Abort();
                    break;
                default:
                    await http.Request.Body.CopyToAsync(Stream.Null);
                    await http.Response.Body.WriteAsync(new byte[2000]);
                    break;
            }
        }
    }

    private static Subset Subset(string version) => new()
    {
        Name = version,
        Labels = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("version", version),
    };
}
