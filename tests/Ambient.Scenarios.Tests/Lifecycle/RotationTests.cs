using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Lifecycle;

/// <summary>Certificates are replaced while they are in use.</summary>
[Collection(Alone.Name)]
public sealed class RotationTests(ShortLivedFixture mesh) : Scenario(mesh), IClassFixture<ShortLivedFixture>
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(100);

    [Fact]
    public async Task Certificates_RenewedUnderLoad_LoseNoConnection()
    {
        (MeshPod web, MeshPod orders) = await PairAsync();
        Assert.True(await web.ReachesAsync(orders));
        string before = await SerialAsync(web) + await SerialAsync(orders);
        await using Load load = new(web, orders);

        await Until.Async(
            async () => (await SerialAsync(web), await SerialAsync(orders)),
            now => now.Item1.Length > 0 && now.Item2.Length > 0 && !before.Contains(now.Item1, StringComparison.Ordinal) && !before.Contains(now.Item2, StringComparison.Ordinal),
            "both certificates are new ones", Lifetime);

        int done = load.Done;
        await Until.TrueAsync(() => load.Done > done + 20, "connections under the new certificates");
        await load.StopAsync();
        Assert.Empty(load.Failures);
    }

    private async Task<string> SerialAsync(MeshPod pod) =>
        (string?)(await Ztunnels.DumpAsync(pod.Node))?["certificates"]?.AsArray().FirstOrDefault(c => (string?)c?["identity"] == pod.Identity)?["serialNumber"] ?? "";

    private async Task<(MeshPod Web, MeshPod Orders)> PairAsync()
    {
        string ns = await NamespaceAsync("pair");
        MeshPod[] pods = await StartAsync(new PodPlan(ns, "web"), new PodPlan(ns, "orders") { Node = "node-2", IsEcho = true });
        return (pods[0], pods[1]);
    }
}
