using System.Collections.Immutable;
using System.Net.Sockets;
using Ambient.Core;
using Ambient.Core.Policies;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Hbone.Connect;
using Ambient.Ztunnel.Hosting;
using Ambient.Ztunnel.Tests.Netlab;

namespace Ambient.Ztunnel.Tests.DataPath;

/// <summary>Who may say on whose behalf it connects to a pod behind a waypoint.</summary>
public sealed class CallerTests(PodNetwork network)
{
    private const string Web = "spiffe://cluster.local/ns/shop/sa/web", Evil = "spiffe://cluster.local/ns/shop/sa/evil";
    private const string OnlyFrom = $"shop/{PolicyOrigin.OnlyFromPrefix}wp";

    [Fact]
    public async Task Waypoint_SpeakingForACaller_IsBelievedAndBothAreLogged()
    {
        await using Shop shop = await Shop.OpenAsync(network);
        await using var waypoint = new TunnelPeer(shop.Mesh, shop.Waypoint, "wp");
        using TcpEndpoint app = shop.Server.Listen(8080);

        await using (HboneStream stream = await waypoint.ConnectAsync(shop.Server, shop.Authority, Web))
        {
            using Socket accepted = await app.AcceptAsync();
        }

        await shop.Mesh.LineAsync("direction=inbound", "src.identity=spiffe://cluster.local/ns/shop/sa/wp", $"src.caller={Web}", "bytes_sent");
    }

    [Fact]
    public async Task Denial_OfTheCaller_HoldsBehindTheWaypoint()
    {
        await using Shop shop = await Shop.OpenAsync(network);
        await using var waypoint = new TunnelPeer(shop.Mesh, shop.Waypoint, "wp");

        Assert.Equal(401, (await waypoint.RefusedAsync(shop.Server, shop.Authority, Evil)).Status);
        await shop.Mesh.LineAsync("direction=inbound", $"src.caller={Evil}", "policy=shop/no-evil", "reason=denied");
    }

    [Fact]
    public async Task Pod_ForgingTheHeader_IsJudgedAsItself()
    {
        await using Shop shop = await Shop.OpenAsync(network);
        Pod pod = shop.Mesh.Pod();
        shop.Mesh.Add(TestMesh.WorkloadOf(pod, "pod"));
        await shop.Mesh.PublishAsync();
        await using var forger = new TunnelPeer(shop.Mesh, pod, "pod");

        Assert.Equal(401, (await forger.RefusedAsync(shop.Server, shop.Authority, Web)).Status);
        Assert.Equal(401, (await forger.RefusedAsync(shop.Server, shop.Authority, "spiffe://cluster.local/ns/shop/sa/wp")).Status);
        string line = await shop.Mesh.LineAsync("direction=inbound", "src.identity=spiffe://cluster.local/ns/shop/sa/pod", "src.caller_ignored=");
        Assert.DoesNotContain("src.caller=", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnotherWaypoint_IsNotBelieved()
    {
        await using Shop shop = await Shop.OpenAsync(network);
        Pod other = shop.AddWaypoint("other-wp");
        await shop.Mesh.PublishAsync();
        await using var waypoint = new TunnelPeer(shop.Mesh, other, "other-wp");

        Assert.Equal(401, (await waypoint.RefusedAsync(shop.Server, shop.Authority, Web)).Status);
    }

    [Fact]
    public async Task Rebinding_EndsWhatTheOldWaypointHadBegunForACaller()
    {
        await using Shop shop = await Shop.OpenAsync(network);
        shop.Mesh.Add(Deny("unless-web", new PolicyMatch { NotPrincipals = [StringMatch.Parse(Web["spiffe://".Length..])] }));
        shop.AddWaypoint("other-wp");
        await shop.Mesh.PublishAsync();
        await using var waypoint = new TunnelPeer(shop.Mesh, shop.Waypoint, "wp");
        using TcpEndpoint app = shop.Server.Listen(8080);
        await using HboneStream stream = await waypoint.ConnectAsync(shop.Server, shop.Authority, Web);
        using Socket accepted = await app.AcceptAsync();

        shop.Bind("other-wp");
        await shop.Mesh.PublishAsync();

        await accepted.HearResetAsync();
        Assert.Equal(401, (await waypoint.RefusedAsync(shop.Server, shop.Authority, Web)).Status);
    }

    private static AuthorizationPolicy Deny(string name, PolicyMatch match) => new()
    {
        Name = new NamespacedName(TestMesh.Namespace, name),
        Scope = PolicyScope.Namespace,
        Action = PolicyAction.Deny,
        Rules = [new PolicyRule([new PolicyClause([match])])],
    };

    /// <summary>A captured server behind the waypoint <c>wp</c>, which is a pod that speaks HBONE itself.</summary>
    private sealed class Shop : IAsyncDisposable
    {
        private const string Service = "shop/server.shop.svc.cluster.local";

        private Shop(PodNetwork network) => Mesh = new TestMesh(network);

        public TestMesh Mesh { get; }

        public Pod Server { get; private set; } = null!;

        public Pod Waypoint { get; private set; } = null!;

        public string Authority => $"{Server.Address}:8080";

        public static async Task<Shop> OpenAsync(PodNetwork network)
        {
            var shop = new Shop(network);
            ZtunnelNode node = await shop.Mesh.NodeAsync();
            shop.Waypoint = shop.AddWaypoint("wp");
            shop.Bind("wp");
            shop.Mesh.Add(Deny("no-evil", new PolicyMatch { Principals = [StringMatch.Parse(Evil["spiffe://".Length..])] }));
            shop.Mesh.Add(new AuthorizationPolicy
            {
                Name = new NamespacedName(TestMesh.Namespace, PolicyOrigin.OnlyFromPrefix + "wp"),
                Scope = PolicyScope.WorkloadSelector,
                Action = PolicyAction.Allow,
                Rules = [new PolicyRule([new PolicyClause([new PolicyMatch { Principals = [StringMatch.Parse("cluster.local/ns/shop/sa/wp")] }])])],
            });
            shop.Server = await shop.Mesh.PodAsync(node, "server", w => w with
            {
                Services = ImmutableDictionary<string, ImmutableArray<ServicePort>>.Empty.Add(Service, [new ServicePort(8080, 8080)]),
                AuthorizationPolicies = [OnlyFrom],
            });
            return shop;
        }

        public Pod AddWaypoint(string name)
        {
            Pod pod = Mesh.Pod();
            MeshService service = TestMesh.ServiceOf(name, $"10.97.0.{name.Length}", ProxyPorts.Hbone);
            Mesh.Add(service);
            Mesh.Add(TestMesh.WorkloadOf(pod, name) with
            {
                Services = ImmutableDictionary<string, ImmutableArray<ServicePort>>.Empty.Add(service.Key, [new ServicePort(ProxyPorts.Hbone, ProxyPorts.Hbone)]),
            });
            return pod;
        }

        public void Bind(string waypoint) => Mesh.Add(TestMesh.ServiceOf("server", "10.97.1.1", 8080) with
        {
            Waypoint = new GatewayAddress(new NamespacedName(TestMesh.Namespace, $"{waypoint}.shop.svc.cluster.local"), null, ProxyPorts.Hbone),
        });

        public ValueTask DisposeAsync() => Mesh.DisposeAsync();
    }
}
