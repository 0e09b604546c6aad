using System.Collections.Immutable;
using System.Net;
using Ambient.Core;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Requests;
using Ambient.Core.Routes;
using Ambient.Core.Workloads;
using Ambient.Testing;
using Ambient.Waypoint.Requests;
using Ambient.Waypoint.Requests.Answering;
using Ambient.Waypoint.Requests.Arriving;
using Ambient.Waypoint.Requests.Authorizing;
using Ambient.Waypoint.Requests.Forwarding;
using Ambient.Waypoint.Upstreams.Clusters;

namespace Ambient.Waypoint.Tests.Requests;

/// <summary>The small parts of the pipeline, each by itself.</summary>
public sealed class PartsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", 0)]
    [InlineData("00 00000000", 1)]
    [InlineData("00 00000003 010203 01 00000001 09", 2)]
    [InlineData("00 0000", 0)]
    [InlineData("01 00010000", 1)]
    public void GrpcMessages_HoweverTheyAreCut_AreCountedByTheirPrefixes(string hex, int expected)
    {
        byte[] bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        foreach (int piece in (int[])[1, 2, 3, 100])
        {
            GrpcMessages messages = new();
            for (int at = 0; at < bytes.Length; at += piece)
            {
                messages.Count(bytes.AsSpan(at, Math.Min(piece, bytes.Length - at)));
            }

            Assert.Equal(expected, messages.Seen);
        }
    }

    [Theory]
    [InlineData("application/grpc", true)]
    [InlineData("application/grpc+proto", true)]
    [InlineData("application/grpc;x=y", true)]
    [InlineData("application/grpc-web", false)]
    [InlineData("application/json", false)]
    [InlineData(null, false)]
    public void IsGrpc_ByContentType(string? type, bool expected) => Assert.Equal(expected, GrpcText.IsGrpc(type));

    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("100 %", "100 %25")]
    [InlineData("ä\n", "%C3%A4%0A")]
    public void GrpcMessage_OutsidePrintableAscii_IsPercentEncoded(string text, string expected) => Assert.Equal(expected, GrpcText.Message(text));

    [Theory]
    [InlineData("ambient-caller", false, true)]
    [InlineData("Ambient-Reason", false, true)]
    [InlineData("ambient_caller", false, true)]
    [InlineData("x_forwarded_client_cert", false, true)]
    [InlineData("X-Content-Length", false, true)]
    [InlineData("x-envoy-max-retries", false, false)]
    [InlineData("x-envoy-max-retries", true, true)]
    [InlineData("user_id", false, false)]
    [InlineData("user_id", true, true)]
    [InlineData("authorization", true, false)]
    public void GuardedHeaders_ThatCallersDoNotWrite(string name, bool gateway, bool goes) => Assert.Equal(goes, GuardedHeaders.MustGo(name, gateway));

    [Fact]
    public void Probes_ByThresholds_ChangeWhatIsBelieved()
    {
        ProbeState state = default;
        foreach ((bool succeeded, bool failed) in ((bool, bool)[])[(false, false), (false, false), (true, false), (false, false), (false, false), (false, true), (true, true), (false, true), (true, true), (true, false)])
        {
            state = state.After(succeeded, healthyThreshold: 2, unhealthyThreshold: 3);
            Assert.Equal(failed, state.Failed);
        }
    }

    [Fact]
    public async Task Gate_Full_LetsWaitersInInOrderAndForgetsThoseWhoLeft()
    {
        ConnectionPool pool = new() { MaxConnections = 1, MaxPendingRequests = 2 };
        PoolGate gate = new();
        using CancellationTokenSource leave = new();
        Assert.Null(await gate.EnterAsync(pool, false, Stop));
        Task<string?> second = gate.EnterAsync(pool, false, leave.Token).AsTask();
        Task<string?> third = gate.EnterAsync(pool, false, Stop).AsTask();
        Assert.NotNull(await gate.EnterAsync(pool, false, Stop));
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Task<string?> fourth = gate.EnterAsync(pool, false, Stop).AsTask();

        gate.Leave();
        Assert.Null(await third);
        Assert.False(fourth.IsCompleted);
        gate.Leave();
        Assert.Null(await fourth);
        gate.Leave();

        Assert.Equal((0L, 0, 1L), (gate.Active, gate.Waiting, gate.Overflows));
    }

    [Fact]
    public async Task Gate_ManyAtOnce_NeverLetsInMoreAndLosesNobody()
    {
        ConnectionPool pool = new() { MaxConnections = 3 };
        PoolGate gate = new();
        int inside = 0, most = 0, done = 0;

        await Parallel.ForAsync(0, 5000, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Stop }, async (i, ct) =>
        {
            Assert.Null(await gate.EnterAsync(pool, false, ct));
            int now = Interlocked.Increment(ref inside);
            InterlockedMax(ref most, now);
            if (i % 3 == 0)
            {
                await Task.Yield();
            }

            Interlocked.Decrement(ref inside);
            gate.Leave();
            Interlocked.Increment(ref done);
        });

        Assert.InRange(most, 1, 3);
        Assert.Equal((5000, 0L, 0), (done, gate.Active, gate.Waiting));

        static void InterlockedMax(ref int at, int value)
        {
            for (int seen = Volatile.Read(ref at); value > seen; seen = Volatile.Read(ref at))
            {
                Interlocked.CompareExchange(ref at, value, seen);
            }
        }
    }

    [Fact]
    public void Clock_RoutesTimeFromTheRequestsEnd_CallersFromItsArrival()
    {
        ManualTime time = new(DateTimeOffset.UnixEpoch);
        using RequestClock clock = new(time, time.GetTimestamp(), new OneHeader("x-envoy-expected-rq-timeout-ms", "10000"));
        clock.SetRoute(TimeSpan.FromSeconds(4));
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(TimeSpan.FromSeconds(4), clock.Remaining);
        clock.RequestEnded();
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(TimeSpan.FromSeconds(1), clock.Remaining);
        Assert.False(clock.IsOver);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(clock.IsOver);
        Assert.True(clock.Token.IsCancellationRequested);
        Assert.Equal("route timeout of 4 s is over", clock.Words);
    }

    [Fact]
    public void Clock_NobodyHasATime_NeverEnds()
    {
        ManualTime time = new(DateTimeOffset.UnixEpoch);
        using RequestClock clock = new(time, time.GetTimestamp(), NoHeaders.Instance);
        clock.SetRoute(null);
        clock.RequestEnded();
        time.Advance(TimeSpan.FromDays(9));
        Assert.Null(clock.Remaining);
        Assert.False(clock.IsOver);
        Assert.False(clock.Token.CanBeCanceled);
    }

    [Fact]
    public void PolicySets_ByTargets_ShareOneSetForEqualEndpoints()
    {
        Workload v1 = new() { Uid = "1", Name = "a", Namespace = "shop", Labels = ImmutableSortedDictionary<string, string>.Empty.Add("version", "v1") };
        MeshSnapshot snapshot = MeshSnapshot.Empty.With(new MeshUpdate
        {
            Resources =
            [
                Policy("mesh", RequestPolicyTargetKind.Mesh, ""), Policy("ns", RequestPolicyTargetKind.Namespace, "shop"),
                Policy("other", RequestPolicyTargetKind.Namespace, "other"), Policy("gateway", RequestPolicyTargetKind.Gateway, "shop/waypoint"),
                Policy("service", RequestPolicyTargetKind.Service, "shop/orders"),
                Policy("v1", RequestPolicyTargetKind.Selected, "shop") with { Selector = v1.Labels },
                Policy("v2", RequestPolicyTargetKind.Selected, "shop") with { Selector = v1.Labels.SetItem("version", "v2") },
                Policy("elsewhere", RequestPolicyTargetKind.Selected, "other") with { Selector = v1.Labels },
            ],
        });
        NamespacedName gateway = new("shop", "waypoint");
        PolicySets sets = PolicySets.Of(snapshot, gateway);

        Assert.Equal(["gateway", "mesh", "ns", "service", "v1"], Names(sets.For("shop/orders", v1)));
        Assert.Equal(["gateway", "mesh", "ns", "v1"], Names(sets.For(null, v1)));
        Assert.Same(sets.For("shop/orders", v1), sets.For("shop/orders", v1 with { Uid = "2" }));
        Assert.Same(sets, PolicySets.Of(snapshot.With(new MeshUpdate { Workloads = [v1] }), gateway, sets));
        Assert.NotSame(sets, PolicySets.Of(snapshot.With(new MeshUpdate { Resources = [Policy("new", RequestPolicyTargetKind.Mesh, "")] }), gateway, sets));

        static string[] Names(DestinationPolicies policies) =>
            [.. policies.Requests.Explain(new() { Peer = Core.Identity.PeerIdentity.Plaintext, SourceAddress = IPAddress.Loopback, Destination = new IPEndPoint(IPAddress.Loopback, 80), Method = "GET", Authority = "a", Path = "/" })
                .Select(v => v.Origin.Name).Order(StringComparer.Ordinal)];

        static RequestPolicy Policy(string name, RequestPolicyTargetKind kind, string key) => new()
        {
            Name = new NamespacedName("shop", name),
            Action = RequestPolicyAction.Deny,
            Targets = [new RequestPolicyTarget(kind, key)],
        };
    }

    private sealed class OneHeader(string header, string value) : IRequestHeaders
    {
        public string? ValueOf(string name) => name == header ? value : null;
    }
}
