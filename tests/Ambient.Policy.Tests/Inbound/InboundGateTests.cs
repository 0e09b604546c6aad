using System.Collections.Immutable;
using System.Net;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Core.Policies;
using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Policy.Tests.Inbound;

public class InboundGateTests
{
    private static readonly SpiffeId Front = new("cluster.local", "web", "front");

    // Rows: authority, source address, expected status, expected target.
    [Theory]
    [InlineData("10.9.0.5:8080", "10.1.0.1", 200, "10.9.0.5:8080")]
    [InlineData("10.9.0.5:1", "10.1.0.1", 200, "10.9.0.5:1")]
    [InlineData("orders.shop:80", "10.1.0.1", 200, "10.9.0.5:8080")]
    [InlineData("orders.shop:81", "10.1.0.1", 503, null)]
    [InlineData("other.shop:80", "10.1.0.1", 400, null)]
    [InlineData("nonsense", "10.1.0.1", 400, null)]
    [InlineData("10.9.0.6:8080", "10.1.0.1", 400, null)]
    [InlineData("10.96.0.9:80", "10.1.0.1", 400, null)]
    [InlineData("127.0.0.1:8080", "10.1.0.1", 400, null)]
    [InlineData("8.8.8.8:53", "10.1.0.1", 400, null)]
    [InlineData("10.9.0.5:15001", "10.1.0.1", 503, null)]
    [InlineData("10.9.0.5:15006", "10.1.0.1", 503, null)]
    [InlineData("10.9.0.5:15008", "10.1.0.1", 503, null)]
    [InlineData("loop.shop:80", "10.1.0.1", 503, null)]
    [InlineData("10.9.0.5:9999", "10.1.0.1", 401, null)]
    [InlineData("10.9.0.5:8080", "10.1.0.2", 401, null)]
    [InlineData("10.9.0.5:8080", "172.30.0.11", 200, "10.9.0.5:8080")]
    [InlineData("10.9.0.5:8080", "::ffff:10.1.0.1", 200, "10.9.0.5:8080")]
    [InlineData("10.9.0.5:8080", "::ffff:10.1.0.2", 401, null)]
    public void Hbone_Row_AnswersAsTheOrderSays(string authority, string source, int status, string? target)
    {
        InboundDecision decision = Ask(Mesh, authority, source);

        Assert.Equal(status, decision.Status);
        Assert.Equal(status == 200, decision.Allowed);
        Assert.Equal(target, decision.Target?.ToString());
        Assert.NotEmpty(decision.Reason);
    }

    [Fact]
    public void Hbone_StolenKey_NamesBothIdentities()
    {
        InboundDecision decision = Ask(Mesh, "10.9.0.5:8080", "10.1.0.2");

        Assert.Null(decision.Policy);
        Assert.Contains("spiffe://cluster.local/ns/web/sa/front", decision.Reason, StringComparison.Ordinal);
        Assert.Contains("evil/evil", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Hbone_AddressClaimedByOldAndNewPod_BothIdentitiesPass()
    {
        MeshSnapshot mesh = Mesh.With(new MeshUpdate { Workloads = [Pod("web", "front-2", "front", "10.1.0.2")] });

        Assert.True(Ask(mesh, "10.9.0.5:8080", "10.1.0.2").Allowed);
    }

    [Fact]
    public void Hbone_IdentityOfAnAliasDomain_IsTheSameWorkload()
    {
        MeshSnapshot mesh = Mesh.With(new MeshUpdate { Settings = new MeshSettings { TrustDomainAliases = ["old.domain"] } });
        PeerIdentity aliased = new PeerIdentity.Verified(new SpiffeId("old.domain", "web", "front"));
        PeerIdentity foreign = new PeerIdentity.Verified(new SpiffeId("foreign", "web", "front"));

        Assert.True(Hbone(mesh, aliased, "10.9.0.5:8080", "10.1.0.1").Allowed);
        Assert.False(Hbone(mesh, foreign, "10.9.0.5:8080", "10.1.0.1").Allowed);
    }

    [Fact]
    public void Hbone_LocalUnknown_Is503() =>
        Assert.Equal(503, InboundGate.Hbone(
            Mesh, null, new PeerIdentity.Verified(Front), IPEndPoint.Parse("10.1.0.1:40000"), IPEndPoint.Parse("10.9.0.5:15008"), "10.9.0.5:80").Status);

    [Fact]
    public void Hbone_PolicyOfAServicePort_SeesTheRealPort()
    {
        MeshSnapshot mesh = Mesh.With(new MeshUpdate { Policies = [PolicyText.Parse("DENY port=8080", "shop/real")] });

        InboundDecision decision = Ask(mesh, "orders.shop:80", "10.1.0.1");

        Assert.Equal(401, decision.Status);
        Assert.Equal("shop/real", decision.Policy?.PolicyKey);
        Assert.Equal("shop/orders.shop", decision.Service?.Key);
    }

    [Fact]
    public void Hbone_TargetWhoseWaypointIsThisWorkload_IsAccepted()
    {
        MeshSnapshot mesh = Mesh.With(new MeshUpdate
        {
            Services =
            [
                Service("orders.shop", "10.96.0.9", 80, 8080) with
                {
                    Waypoint = new GatewayAddress(new NamespacedName("shop", "waypoint.shop"), null, 15008),
                },
                Service("waypoint.shop", "10.96.0.20", 15008, 15008),
            ],
            Workloads = [Orders with { Services = Orders.Services.Add("shop/waypoint.shop", [new ServicePort(15008, 15008)]) }],
        });

        Assert.Equal("10.9.0.5:80", Hbone(mesh, new PeerIdentity.Verified(Front), "10.96.0.9:80", "10.1.0.1").Target?.ToString());
    }

    [Fact]
    public void Hbone_ApplicationTunnel_GoesToLoopbackAndPolicySeesTheRealPort()
    {
        MeshSnapshot mesh = Mesh.With(new MeshUpdate
        {
            Workloads = [Orders with { ApplicationTunnel = new ApplicationTunnel(true, 15088) }],
        });

        Assert.Equal("127.0.0.1:15088", Hbone(mesh, new PeerIdentity.Verified(Front), "10.9.0.5:8080", "10.1.0.1").Target?.ToString());
        Assert.Equal(401, Hbone(mesh, new PeerIdentity.Verified(Front), "10.9.0.5:9999", "10.1.0.1").Status);
    }

    [Theory]
    [InlineData("10.9.0.5:8080", true, 200)]
    [InlineData("10.9.0.5:9999", false, 401)]
    [InlineData("10.9.0.5:15008", false, 503)]
    [InlineData("10.9.0.5:15006", false, 503)]
    [InlineData("[::ffff:10.9.0.5]:8080", true, 200)]
    public void Plaintext_Row_AnswersAsTheOrderSays(string destination, bool allowed, int status)
    {
        InboundDecision decision = InboundGate.Plaintext(
            Mesh, Mesh.WorkloadByUid(Orders.Uid), IPEndPoint.Parse("10.1.0.1:40000"), IPEndPoint.Parse(destination));

        Assert.Equal(allowed, decision.Allowed);
        Assert.Equal(status, decision.Status);
        Assert.Equal(allowed ? "10.9.0.5:8080" : null, decision.Target?.ToString());
    }

    [Fact]
    public void Plaintext_Strict_IsDeniedByPeerAuthentication()
    {
        AuthorizationPolicy strict = PolicyText.Parse("DENY !principal=*", "shop/strict") with
        {
            Origin = new PolicyOrigin("PeerAuthentication", "shop", "strict"),
        };
        MeshSnapshot mesh = Mesh.With(new MeshUpdate { Policies = [strict] });

        InboundDecision plain = InboundGate.Plaintext(
            mesh, mesh.WorkloadByUid(Orders.Uid), IPEndPoint.Parse("10.1.0.1:40000"), IPEndPoint.Parse("10.9.0.5:8080"));

        Assert.False(plain.Allowed);
        Assert.Equal("denied by PeerAuthentication shop/strict rule 0", plain.Reason);
        Assert.True(Ask(mesh, "10.9.0.5:8080", "10.1.0.1").Allowed);
    }

    private static readonly Workload Orders = Pod("shop", "orders", "orders", "10.9.0.5") with
    {
        Services = ImmutableDictionary<string, ImmutableArray<ServicePort>>.Empty
            .Add("shop/orders.shop", [new ServicePort(80, 8080)])
            .Add("shop/loop.shop", [new ServicePort(80, 15006)]),
    };

    private static readonly MeshSnapshot Mesh = MeshSnapshot.Empty.With(new MeshUpdate
    {
        Workloads =
        [
            Orders,
            Pod("shop", "other", "other", "10.9.0.6"),
            Pod("web", "front", "front", "10.1.0.1"),
            Pod("evil", "evil", "evil", "10.1.0.2"),
        ],
        Services = [Service("orders.shop", "10.96.0.9", 80, 8080), Service("other.shop", "10.96.0.10", 80, 80), Service("loop.shop", "10.96.0.11", 80, 15006)],
        Policies = [PolicyText.Parse("DENY port=9999", "shop/no-admin")],
    });

    private static InboundDecision Ask(MeshSnapshot mesh, string authority, string source) =>
        Hbone(mesh, new PeerIdentity.Verified(Front), authority, source);

    private static InboundDecision Hbone(MeshSnapshot mesh, PeerIdentity peer, string authority, string source) => InboundGate.Hbone(
        mesh,
        mesh.WorkloadByUid(Orders.Uid),
        peer,
        new IPEndPoint(IPAddress.Parse(source), 40000),
        IPEndPoint.Parse("10.9.0.5:15008"),
        authority);

    private static Workload Pod(string ns, string name, string account, string address) => new()
    {
        Uid = $"Kubernetes//Pod/{ns}/{name}",
        Name = name,
        Namespace = ns,
        ServiceAccount = account,
        Addresses = [IPAddress.Parse(address)],
        TunnelProtocol = TunnelProtocol.Hbone,
    };

    private static MeshService Service(string host, string vip, int port, int target) => new()
    {
        Name = host,
        Namespace = "shop",
        Hostname = host,
        Addresses = [new ServiceAddress("", IPAddress.Parse(vip))],
        Ports = [new ServicePort(port, target)],
    };
}
