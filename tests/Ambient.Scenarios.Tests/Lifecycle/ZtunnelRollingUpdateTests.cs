using System.Text.Json.Nodes;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Lifecycle;

/// <summary>The DaemonSet of the node proxies gets a new template: node by node another process takes over.</summary>
[Collection(Alone.Name)]
public sealed class ZtunnelRollingUpdateTests(MeshFixture mesh) : Scenario(mesh)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);

    [Fact]
    public async Task Ztunnels_RolledWhileConnectionsCome_FailNone()
    {
        string ns = await NamespaceAsync("roll");
        MeshPod[] pods = await StartAsync(new PodPlan(ns, "web"), new PodPlan(ns, "orders") { Node = "node-2", IsEcho = true });
        Assert.True(await pods[0].ReachesAsync(pods[1]));
        HashSet<string> before = [.. (await Ztunnels.PodsAsync()).Select(p => p.Metadata.Name)];
        int most = 0;
        await using Load load = new(pods[0], pods[1]);

        await Lab.Admin.Resource(new GroupKind("apps", "DaemonSet")).PatchAsync(Ztunnels.Namespace, "ambient-ztunnel", Patch.Merge(
            JsonNode.Parse("""{ "spec": { "template": { "metadata": { "annotations": { "test/rolled": "once" } } } } }""")!.AsObject()));
        await Until.TrueAsync(
            async () =>
            {
                IReadOnlyList<Pod> now = await Ztunnels.PodsAsync();
                most = Math.Max(most, now.Count(p => p.Metadata.DeletionTimestamp is null));
                return now.Count == before.Count && !now.Any(p => before.Contains(p.Metadata.Name));
            },
            "every node has a new ztunnel, and the old ones are gone", Patience);
        await Ztunnels.ReadyAsync("node-1");
        await Ztunnels.ReadyAsync("node-2");

        int rolled = load.Done;
        await Until.TrueAsync(() => load.Done > rolled + 20, "connections go on");
        await load.StopAsync();
        Assert.Empty(load.Failures);
        Assert.True(most <= before.Count + 1, $"{most} at once: more than one node at a time");
    }
}
