using Ambient.Core.Identity;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Routes;
using Ambient.Kube.Resources;
using Ambient.Operator.Tests.Support;

namespace Ambient.Operator.Tests;

/// <summary>What a waypoint gets of a whole operator: every format of routes, policies, labels, and no identity but its own.</summary>
public sealed class WaypointFeedTests
{
    private const string Host = "orders.shop.svc.cluster.local";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Resources_OfEveryFormat_ReachTheWaypointAndNoNodeProxy()
    {
        await using World world = await World.StartAsync();
        await world.NamespaceAsync("shop", ("ambient.dev/mesh", "enabled"));
        Pod ztunnel = await world.PodAsync("ambient-system", "ztunnel-1", "ambient-ztunnel", "node-1", "10.244.1.2");
        Pod gateway = await world.PodAsync("shop", "waypoint-1", "waypoint", "node-1", "10.244.1.8");
        await world.PodAsync("shop", "orders", "orders", "node-1", "10.244.1.5");
        foreach (string name in new[] { "orders", "pay", "stock" })
        {
            await world.ApplyAsync($$$"""{"apiVersion":"v1","kind":"Service","metadata":{"name":"{{{name}}}","namespace":"shop"},"spec":{"selector":{"app":"{{{name}}}"},"ports":[{"name":"http","port":80,"protocol":"TCP"}]}}""");
        }

        RunningOperator op = await world.OperatorAsync();
        await using Proxy node = await Proxy.StartAsync(world, op, ztunnel);
        await using Proxy waypoint = await Proxy.StartAsync(world, op, gateway, waypoint: true);
        await Eventually.True(() => node.HasSynced && waypoint.HasSynced);
        Assert.Contains(waypoint.Seen(u => u.Workloads), w => w.Labels.GetValueOrDefault("app") == "orders");

        await world.ApplyAsync("""{"apiVersion":"networking.istio.io/v1beta1","kind":"VirtualService","metadata":{"name":"vs","namespace":"shop"},"spec":{"hosts":["orders"],"http":[{"timeout":"3s","route":[{"destination":{"host":"orders"}}]}]}}""");
        await world.ApplyAsync("""{"apiVersion":"networking.istio.io/v1","kind":"DestinationRule","metadata":{"name":"dr","namespace":"shop"},"spec":{"host":"orders","trafficPolicy":{"connectionPool":{"http":{"http2MaxRequests":7}}}}}""");
        await world.ApplyAsync("""{"apiVersion":"linkerd.io/v1alpha2","kind":"ServiceProfile","metadata":{"name":"pay.shop.svc.cluster.local","namespace":"shop"},"spec":{"routes":[{"name":"get","condition":{"method":"GET","pathRegex":"/a"},"timeout":"2s"}]}}""");
        await world.ApplyAsync("""{"apiVersion":"split.smi-spec.io/v1alpha2","kind":"TrafficSplit","metadata":{"name":"split","namespace":"shop"},"spec":{"service":"stock","backends":[{"service":"stock","weight":90},{"service":"orders","weight":10}]}}""");
        await world.ApplyAsync("""{"apiVersion":"security.istio.io/v1","kind":"AuthorizationPolicy","metadata":{"name":"get","namespace":"shop"},"spec":{"selector":{"matchLabels":{"app":"orders"}},"rules":[{"to":[{"operation":{"methods":["GET"]}}]}]}}""");

        await Eventually.True(() => Tables(waypoint).Select(t => t.Host.Split('.')[0]).Distinct().Order().SequenceEqual(["orders", "pay", "stock"]));
        await Eventually.True(() => waypoint.Seen(u => u.Resources.OfType<BackendPolicy>()).Any(b => b.Default.ConnectionPool.MaxRequests == 7));
        await Eventually.True(() => waypoint.Seen(u => u.Resources.OfType<RequestPolicy>()).Any(p => p.Key == "shop/get" && p.Selector["app"] == "orders"));
        Assert.Equal(TimeSpan.FromSeconds(3), Tables(waypoint).Last(t => t.Host == Host).Http[0].Timeout);
        Assert.Empty(node.Seen(u => u.Resources));
        Assert.All(node.Seen(u => u.Workloads), w => Assert.Empty(w.Labels));

        await world.Kube.Resource(new GroupKind("networking.istio.io", "VirtualService")).DeleteAsync("shop", "vs", null, Cancel);
        await Eventually.True(() => waypoint.Seen(u => u.RemovedResources).Any(r => r.Type == nameof(RouteTable) && r.Key.Contains(Host, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Certificate_OfAWaypoint_IsItsOwnServiceAccountsAlone()
    {
        await using World world = await World.StartAsync();
        await world.NamespaceAsync("shop", ("ambient.dev/mesh", "enabled"));
        Pod gateway = await world.PodAsync("shop", "waypoint-1", "waypoint", "node-1", "10.244.1.8");
        await world.PodAsync("shop", "orders", "orders", "node-1", "10.244.1.5");
        RunningOperator op = await world.OperatorAsync();
        await using Proxy waypoint = await Proxy.StartAsync(world, op, gateway, waypoint: true);

        Assert.Equal("spiffe://cluster.local/ns/shop/sa/waypoint", (await waypoint.CertificateAsync(new("cluster.local", "shop", "waypoint"))).Id.ToString());
        foreach (string other in new[] { "orders", "default" })
        {
            var refused = await Assert.ThrowsAsync<CertificateRefusedException>(() => waypoint.CertificateAsync(new("cluster.local", "shop", other)));
            Assert.Contains("only a node's proxy", refused.Message, StringComparison.Ordinal);
        }
    }

    private static IReadOnlyList<RouteTable> Tables(Proxy waypoint) => waypoint.Seen(u => u.Resources.OfType<RouteTable>());
}
