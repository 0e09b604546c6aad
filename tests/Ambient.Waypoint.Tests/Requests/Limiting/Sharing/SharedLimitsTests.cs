using System.Net;
using Ambient.Core;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Hbone.Pool;
using Ambient.Waypoint.Tests.Lab;
using Ambient.Waypoint.Tests.Requests.Rig;

namespace Ambient.Waypoint.Tests.Requests.Limiting.Sharing;

/// <summary>Two waypoint processes of one Gateway, whole but in this process: their sockets, certificates and tunnels are real.</summary>
public sealed class SharedLimitsTests
{
    private const int Burst = 40;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TwoReplicas_AskedInTurn_LetThroughWhatOneWould()
    {
        await using TestMesh mesh = new();
        (TestWaypoint a, TestWaypoint b, HttpMessageInvoker toA, HttpMessageInvoker toB) = await StartAsync(mesh, RateLimitKey.All);

        await AcquaintedAsync(a, b);
        var before = Sum(a, b);

        int[] statuses = await Task.WhenAll(Enumerable.Range(0, 4).SelectMany(_ => new[] { AskAsync(toA, 20), AskAsync(toB, 20) }));

        // Who had to decide alone says so: a machine that stands still for a quarter of a second.
        var after = Sum(a, b);
        int alone = (int)(after.Alone - before.Alone);
        Assert.Equal(160, after.Own + after.Asked + after.Alone - before.Own - before.Asked - before.Alone);
        Assert.InRange(statuses.Sum(), Burst - alone, Burst + alone);
        Assert.True(after.Own > before.Own && (after.Asked > before.Asked || alone > 0), $"{before} {after}");
    }

    [Fact]
    public async Task TwoReplicas_EachValueOfAHeader_HasOneBucketAtOneOfThem()
    {
        await using TestMesh mesh = new();
        (TestWaypoint a, TestWaypoint b, HttpMessageInvoker toA, HttpMessageInvoker toB) = await StartAsync(mesh, RateLimitKey.Header);

        await AcquaintedAsync(a, b);
        long before = Sum(a, b).Alone;
        int[] through = new int[6];
        for (int user = 0; user < through.Length; user++)
        {
            through[user] = await AskAsync(toA, 30, $"user-{user}") + await AskAsync(toB, 30, $"user-{user}");
        }

        int alone = (int)(Sum(a, b).Alone - before);
        Assert.All(through, n => Assert.InRange(n, Burst - alone, Burst + alone));
    }

    [Fact]
    public async Task OneReplica_WhoseOtherIsAway_DecidesByItsShare()
    {
        await using TestMesh mesh = new();
        (TestWaypoint a, TestWaypoint b, HttpMessageInvoker toA, _) = await StartAsync(mesh, RateLimitKey.Header);
        await b.DisposeAsync(); // and discovery does not know it yet

        // Of buckets that it counts itself it gives all, of the other's a half.
        int[] through = new int[12];
        for (int user = 0; user < through.Length; user++)
        {
            through[user] = await AskAsync(toA, 50, $"user-{user}");
        }

        Assert.All(through, n => Assert.True(n is Burst or Burst / 2, $"{n}"));
        Assert.Contains(Burst / 2, through);
        Assert.Contains(Burst, through);
        Assert.Equal(0, a.Node.SharedLimits.Counts.Asked);
        Assert.Equal(50 * through.Count(static n => n == Burst / 2), a.Node.SharedLimits.Counts.Alone);
    }

    [Fact]
    public async Task Stranger_WhoAsksLikeAReplica_IsRefused()
    {
        await using TestMesh mesh = new();
        (TestWaypoint a, _, _, _) = await StartAsync(mesh, RateLimitKey.All);
        TestPod stranger = mesh.Pod("stranger");
        TestPod thief = new(stranger.Workload, mesh.Issue(TestMesh.GatewayName)); // the right key, from elsewhere
        await using (thief)
        {
            foreach (TestPod pod in (TestPod[])[stranger, thief])
            {
                HboneConnectException refused = await Assert.ThrowsAsync<HboneConnectException>(async () => await pod.OpenAsync(a, $"{a.Address}:15008", Stop));
                Assert.Equal(401, refused.Status);
            }
        }
    }

    private static async Task<(TestWaypoint A, TestWaypoint B, HttpMessageInvoker ToA, HttpMessageInvoker ToB)> StartAsync(TestMesh mesh, RateLimitKey by)
    {
        MeshService orders = mesh.Service("orders");
        TestPod server = await mesh.Pod("orders-1", orders).ServeAsync(static _ => Task.CompletedTask);
        TestPod client = mesh.Pod("client");
        Assert.NotNull(server);
        mesh.Apply(new MeshUpdate
        {
            Resources =
            [
                new RouteTable
                {
                    Host = orders.Hostname,
                    Http =
                    [
                        new HttpRule
                        {
                            Origin = new RouteOrigin("Service", TestMesh.Namespace, "orders", 0),
                            Action = new RouteAction.Forward([new WeightedBackend { Target = new BackendTarget(orders.Key, TestMesh.Namespace, "orders", 80), Weight = 1 }]),
                            RateLimits =
                            [
                                new RateLimit
                                {
                                    Origin = new RouteOrigin("RateLimitPolicy", TestMesh.Namespace, "together", 0),
                                    Burst = Burst,
                                    Tokens = 1,
                                    Interval = TimeSpan.FromHours(1),
                                    By = by,
                                    Header = by == RateLimitKey.Header ? "x-user" : "",
                                    Shared = true,
                                },
                            ],
                        },
                    ],
                },
            ],
        });
        TestWaypoint a = await mesh.WaypointAsync();
        TestWaypoint b = await mesh.WaypointAsync();
        await Wait.UntilAsync(() => a.Node.SharedLimits.Now.Count == 2 && b.Node.SharedLimits.Now.Count == 2, "each knows the other");
        string authority = $"{orders.Addresses[0].Address}:80";
        return (a, b, client.Client(a, authority), client.Client(b, authority));
    }

    private static (long Own, long Asked, long Alone) Sum(TestWaypoint a, TestWaypoint b)
    {
        var (ofA, ofB) = (a.Node.SharedLimits.Counts, b.Node.SharedLimits.Counts);
        return (ofA.Own + ofB.Own, ofA.Asked + ofB.Asked, ofA.Alone + ofB.Alone);
    }

    /// <summary>Each has asked the other about buckets that nobody else uses, and was answered.</summary>
    private static async Task AcquaintedAsync(TestWaypoint a, TestWaypoint b)
    {
        RateLimit none = new() { Origin = new RouteOrigin("RateLimitPolicy", TestMesh.Namespace, "none", 0), Burst = 1, Tokens = 1, Interval = TimeSpan.FromSeconds(1), Shared = true };
        foreach (TestWaypoint asks in (TestWaypoint[])[a, b])
        {
            for (int key = 0; asks.Node.SharedLimits.Counts.Asked == 0; key++)
            {
                await asks.Node.SharedLimits.TakeAsync(none, "none", $"{key}");
                await Task.Delay(10, Stop);
            }
        }
    }

    /// <summary>How many of the requests got through.</summary>
    private static async Task<int> AskAsync(HttpMessageInvoker client, int requests, string? user = null)
    {
        int through = 0;
        for (int i = 0; i < requests; i++)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, "http://orders.shop/");
            if (user is not null)
            {
                request.Headers.Add("x-user", user);
            }

            using HttpResponseMessage answer = await client.SendAsync(request, Stop);
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.TooManyRequests, $"{answer.StatusCode}");
            through += answer.StatusCode == HttpStatusCode.OK ? 1 : 0;
        }

        return through;
    }
}
