using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Lifecycle;

/// <summary>Node proxies go and come back.</summary>
[Collection(Alone.Name)]
public sealed class ZtunnelRestartTests(MeshFixture mesh) : Scenario(mesh)
{
    [Theory]
    [InlineData("node-1")]
    [InlineData("node-2")]
    public async Task Ztunnel_KilledAtTheClientOrAtTheServer_ComesBackAndNothingGoesInPlaintextMeanwhile(string node)
    {
        string outside = await NamespaceAsync("out", enrolled: false);
        (MeshPod web, MeshPod orders) = await PairAsync();
        MeshPod old = (await StartAsync(new PodPlan(outside, "old")))[0];
        PlaintextWatch watch = await PlaintextWatch.StartAsync(Ztunnels.Node("node-2"), orders.Address, 9000);
        Afterwards(watch.StopAsync);
        Assert.True(await web.ReachesAsync(orders));
        Assert.Equal(0, await watch.PacketsAsync());
        await using Load load = new(web, orders);

        await new MeshParts(Lab, Ztunnels).KillZtunnelAsync(node);

        int before = load.Done;
        await Until.TrueAsync(() => load.Done > before + 20, "new connections get through again");
        await load.StopAsync();
        Assert.Equal(0, await watch.PacketsAsync());
        AccessEntry entry = await Ztunnels.LoggedAsync(e => e.IsInbound && e.IsBetween(web, orders), "an inbound line");
        Assert.Equal(web.Identity, entry["src.identity"]);
        Assert.True(await old.ReachesAsync(orders));
        Assert.NotEqual(0, await watch.PacketsAsync());
    }

    [Fact]
    public async Task Ztunnel_StartedWithoutTheOperator_ServesFromItsLastGoodState()
    {
        (MeshPod web, MeshPod orders) = await PairAsync();
        MeshPod payment = (await StartAsync(new PodPlan(web.Namespace, "payment")))[0];
        await PolicyAsync(web.Namespace, "no-payment", "DENY", "orders", $"[{{ from: [{{ source: {{ principals: [{payment.Principal}] }} }}] }}]");
        await BecomesAsync(payment, orders, 9000, reached: false);
        Assert.True(await web.ReachesAsync(orders));
        await Until.TrueAsync(() => IsKept("node-1", "no-payment", web, payment) && IsKept("node-2", "no-payment", orders), "the last good state is on disk");
        MeshParts parts = new(Lab, Ztunnels);
        Afterwards(() => parts.OperatorAsync(present: true));
        await parts.OperatorAsync(present: false);

        await parts.KillZtunnelAsync("node-1");
        await parts.KillZtunnelAsync("node-2");

        await BecomesAsync(web, orders, 9000, reached: true);
        Assert.False(await payment.ReachesAsync(orders));
        await DenialAsync(payment, orders, "no-payment");
        AccessEntry entry = await Ztunnels.LoggedAsync(e => e.IsInbound && e.IsBetween(web, orders), "an inbound line");
        Assert.Equal(web.Identity, entry["src.identity"]);
    }

    // The mesh on the node's disk, certificates in its memory-backed storage.
    private bool IsKept(string node, string policy, params MeshPod[] pods)
    {
        string host = Ztunnels.Node(node).HostDirectory;
        string certificates = Path.Combine(host, "run/ambient/svids.json");
        return File.Exists(certificates) && pods.All(p => File.ReadAllText(certificates).Contains(p.Identity, StringComparison.Ordinal))
            && Directory.EnumerateFiles(Path.Combine(host, "var/lib/ambient")).Any(f => File.ReadAllText(f).Contains(policy, StringComparison.Ordinal));
    }

    private async Task<(MeshPod Web, MeshPod Orders)> PairAsync()
    {
        string ns = await NamespaceAsync("pair");
        MeshPod[] pods = await StartAsync(new PodPlan(ns, "web"), new PodPlan(ns, "orders") { Node = "node-2", IsEcho = true });
        return (pods[0], pods[1]);
    }
}
