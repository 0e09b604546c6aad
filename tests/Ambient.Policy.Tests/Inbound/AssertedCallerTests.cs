using System.Collections.Immutable;
using System.Net;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Core.Policies;
using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Policy.Tests.Inbound;

/// <summary>Who is believed that it speaks for somebody, and what is judged then.</summary>
public sealed class AssertedCallerTests
{
    private const string Web = "spiffe://cluster.local/ns/web/sa/front", Evil = "spiffe://cluster.local/ns/evil/sa/evil";
    private static readonly SpiffeId Waypoint = new("cluster.local", "shop", "wp"), Other = new("cluster.local", "shop", "other-wp"), Front = new("cluster.local", "web", "front");
    private static readonly GatewayAddress ToWaypoint = new(new NamespacedName("shop", "wp.shop"), null, 15008);

    // Rows: who connects, from where, whom it says it speaks for, status, believed.
    [Theory]
    [InlineData("wp", "10.9.0.20", Web, 200, true)]
    [InlineData("wp", "10.9.0.21", Web, 200, true)]
    [InlineData("wp", "10.9.0.20", Evil, 401, true)]
    [InlineData("wp", "10.9.0.20", null, 200, false)]
    [InlineData("wp", "10.9.0.20", "nonsense", 200, false)]
    [InlineData("wp", "10.9.0.99", Evil, 200, false)] // an address that nobody claims: as itself, never as another
    [InlineData("wp", "10.9.0.30", Web, 401, false)] // stolen key
    [InlineData("front", "10.1.0.1", Evil, 401, false)]
    [InlineData("front", "10.1.0.1", "spiffe://cluster.local/ns/shop/sa/wp", 401, false)]
    [InlineData("other", "10.9.0.30", Web, 401, false)]
    public void Header_From_IsBelievedFromTheWaypointAlone(string who, string from, string? header, int status, bool believed)
    {
        SpiffeId id = who == "wp" ? Waypoint : who == "other" ? Other : Front;

        InboundDecision decision = Ask(Mesh, new PeerIdentity.Verified(id), from, header);

        Assert.Equal(status, decision.Status);
        Assert.Equal(believed ? header : null, decision.Caller?.ToString());
        Assert.Equal(header is not null && !believed && decision.Policy is not null, decision.CallerIgnored is not null);
    }

    [Fact]
    public void Denial_OfTheCaller_NamesThePolicyThatMeansIt()
    {
        InboundDecision decision = Ask(Mesh, new PeerIdentity.Verified(Waypoint), "10.9.0.20", Evil);

        Assert.Equal("shop/no-evil", decision.Policy!.PolicyKey);
    }

    [Fact]
    public void OnlyFromWaypoint_JudgesThePeer_NotTheCaller()
    {
        // The waypoint cannot make itself look like another, nor a caller look like the waypoint.
        InboundDecision decision = Ask(Mesh, new PeerIdentity.Verified(Waypoint), "10.9.0.20", Web);

        Assert.Equal($"shop/{PolicyOrigin.OnlyFromPrefix}wp", decision.Policy!.PolicyKey);
    }

    [Fact]
    public void OtherAllow_JudgesTheCaller()
    {
        MeshSnapshot mesh = Mesh.With(new MeshUpdate
        {
            Workloads = [Orders with { AuthorizationPolicies = ["shop/web-only"] }],
            Policies = [PolicyText.Parse("ALLOW principal=cluster.local/ns/web/sa/front", "shop/web-only") with { Scope = PolicyScope.WorkloadSelector }],
        });

        Assert.True(Ask(mesh, new PeerIdentity.Verified(Waypoint), "10.9.0.20", Web).Allowed);
        Assert.False(Ask(mesh, new PeerIdentity.Verified(Waypoint), "10.9.0.20", "spiffe://cluster.local/ns/web/sa/back").Allowed);
        Assert.False(Ask(mesh, new PeerIdentity.Verified(Waypoint), "10.9.0.20", null).Allowed);
    }

    [Fact]
    public void Plaintext_SpeaksForNobody() =>
        Assert.Null(Ask(Mesh, PeerIdentity.Plaintext, "10.9.0.20", Web).Caller);

    [Theory]
    [InlineData("service")]
    [InlineData("weighted")]
    [InlineData("workload")]
    public void Binding_OfAnyKind_Counts(string kind)
    {
        MeshSnapshot mesh = Mesh.With(new MeshUpdate
        {
            Services = [Service("orders.shop", 80, 8080) with { Waypoint = kind == "service" ? ToWaypoint : null, WeightedWaypoints = kind == "weighted" ? [new WeightedWaypoint(ToWaypoint, 1)] : [] }],
            Workloads = [Orders with { Waypoint = kind == "workload" ? ToWaypoint : null }],
        });

        Assert.Equal(Web, Ask(mesh, new PeerIdentity.Verified(Waypoint), "10.9.0.20", Web).Caller?.ToString());
    }

    [Fact]
    public void Binding_OfAServiceOnAnotherPort_DoesNotCount()
    {
        MeshSnapshot mesh = Mesh.With(new MeshUpdate { Workloads = [Orders with { Services = Orders.Services.SetItem("shop/orders.shop", [new ServicePort(80, 9090)]) }] });

        Assert.Null(Ask(mesh, new PeerIdentity.Verified(Waypoint), "10.9.0.20", Web).Caller);
    }

    [Fact]
    public void Rebinding_ToAnotherWaypoint_EndsTheOldOnesWordAndBeginsTheNewOnes()
    {
        MeshSnapshot mesh = Mesh.With(new MeshUpdate
        {
            Services = [Service("orders.shop", 80, 8080) with { Waypoint = new GatewayAddress(new NamespacedName("shop", "other-wp.shop"), null, 15008) }],
        });

        Assert.Null(Ask(mesh, new PeerIdentity.Verified(Waypoint), "10.9.0.20", Web).Caller);
        Assert.Equal(Web, Ask(mesh, new PeerIdentity.Verified(Other), "10.9.0.30", Web).Caller?.ToString());
    }

    [Fact]
    public void Endpoint_ThatIsNoLongerOne_IsNotBelieved()
    {
        MeshSnapshot mesh = Mesh.With(new MeshUpdate { Workloads = [Pod("shop", "wp-1", "wp", "10.9.0.20")] });

        Assert.Null(Ask(mesh, new PeerIdentity.Verified(Waypoint), "10.9.0.20", Web).Caller);
        Assert.NotNull(Ask(mesh, new PeerIdentity.Verified(Waypoint), "10.9.0.21", Web).Caller);
    }

    [Fact]
    public void Header_TooLong_IsIgnored() =>
        Assert.Equal("it is no SPIFFE id", Ask(Mesh, new PeerIdentity.Verified(Waypoint), "10.9.0.20", "spiffe://" + new string('a', 4096)).CallerIgnored);

    private static readonly Workload Orders = Pod("shop", "orders", "orders", "10.9.0.5") with
    {
        Services = ImmutableDictionary<string, ImmutableArray<ServicePort>>.Empty.Add("shop/orders.shop", [new ServicePort(80, 8080)]),
        AuthorizationPolicies = [$"shop/{PolicyOrigin.OnlyFromPrefix}wp", "shop/no-evil"],
    };

    private static readonly MeshSnapshot Mesh = MeshSnapshot.Empty.With(new MeshUpdate
    {
        Workloads =
        [
            Orders,
            WaypointPod("wp", "wp-1", "10.9.0.20"),
            WaypointPod("wp", "wp-2", "10.9.0.21"),
            WaypointPod("other-wp", "other-wp-1", "10.9.0.30"),
            Pod("web", "front", "front", "10.1.0.1"),
        ],
        Services = [Service("orders.shop", 80, 8080) with { Waypoint = ToWaypoint }, Service("wp.shop", 15008, 15008), Service("other-wp.shop", 15008, 15008)],
        Policies =
        [
            PolicyText.Parse("ALLOW principal=cluster.local/ns/shop/sa/wp", $"shop/{PolicyOrigin.OnlyFromPrefix}wp") with { Scope = PolicyScope.WorkloadSelector },
            PolicyText.Parse("DENY principal=cluster.local/ns/evil/sa/evil", "shop/no-evil") with { Scope = PolicyScope.WorkloadSelector },
        ],
    });

    private static InboundDecision Ask(MeshSnapshot mesh, PeerIdentity peer, string from, string? header) => InboundGate.Hbone(
        mesh, mesh.WorkloadByUid(Orders.Uid), peer, new IPEndPoint(IPAddress.Parse(from), 40000), IPEndPoint.Parse("10.9.0.5:15008"), "10.9.0.5:8080", header);

    private static Workload WaypointPod(string gateway, string name, string address) => Pod("shop", name, gateway, address) with
    {
        Services = ImmutableDictionary<string, ImmutableArray<ServicePort>>.Empty.Add($"shop/{gateway}.shop", [new ServicePort(15008, 15008)]),
    };

    private static Workload Pod(string ns, string name, string account, string address) => new()
    {
        Uid = $"Kubernetes//Pod/{ns}/{name}",
        Name = name,
        Namespace = ns,
        ServiceAccount = account,
        Addresses = [IPAddress.Parse(address)],
        TunnelProtocol = TunnelProtocol.Hbone,
    };

    private static MeshService Service(string host, int port, int target) => new()
    {
        Name = host,
        Namespace = "shop",
        Hostname = host,
        Ports = [new ServicePort(port, target)],
    };
}
