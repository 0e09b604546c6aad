using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Egress;

/// <summary>What Sidecars let out, enforced by the callers' node proxies and counted on real connections.</summary>
public sealed class SidecarTests(MeshFixture mesh) : Scenario(mesh)
{
    private const int Times = 20;

    [Fact]
    public async Task Sidecar_WithRegistryOnly_LetsOutWhatItShowsAndNothingElse_AndTheWorkloadsOwnComesFirst()
    {
        await using OutsideServer outside = await OutsideServer.StartAsync(Lab, "sidecar.example", 8449);
        string apps = await NamespaceAsync("apps");
        string back = await NamespaceAsync("back");
        MeshPod[] pods = await StartAsync(
            new PodPlan(apps, "caller"), new PodPlan(apps, "reader"), new PodPlan(apps, "free") { Node = "node-2" }, new PodPlan(apps, "web") { IsEcho = true, HasService = true },
            new PodPlan(back, "db") { IsEcho = true, HasService = true, Node = "node-2" }, new PodPlan(back, "cache") { IsEcho = true, HasService = true });
        (MeshPod caller, MeshPod reader, MeshPod free) = (pods[0], pods[1], pods[2]);
        (string web, string db, string cache) = ($"http://web.{apps}/", $"http://db.{back}/", $"http://cache.{back}/");
        string nobody = $"https://{OutsideServer.Address}:8449/";
        await ReachesAsync(caller, web, db, cache, nobody);

        await ApplyAsync(Sidecar(apps, "default", $"egress: [{{ hosts: [./*, {back}/db.{back}.svc.cluster.local] }}], outboundTrafficPolicy: {{ mode: REGISTRY_ONLY }}"));
        await ApplyAsync(Sidecar(apps, "reader", $"workloadSelector: {{ labels: {{ app: reader }} }}, egress: [{{ hosts: [{back}/*] }}]"));
        await ApplyAsync(Sidecar(apps, "free", "workloadSelector: { labels: { app: free } }, outboundTrafficPolicy: { mode: ALLOW_ANY }"));
        await Until.Async(() => caller.CurlAsync(cache), r => r.ExitCode != 0, "the Sidecar is in force");
        await Until.Async(() => reader.CurlAsync(web), r => r.ExitCode != 0, "the reader's own is in force");
        int served = outside.Served;

        await ReachesAsync(caller, web, db);
        await RefusedAsync(caller, cache, nobody, pods[5].Url);
        await ReachesAsync(reader, db, cache);
        await RefusedAsync(reader, web, nobody);
        await ReachesAsync(free, web, db, cache);
        Assert.Equal(served, outside.Served);
        await ReachesAsync(free, nobody);
        Assert.Equal(served + Times, outside.Served);

        await Ztunnels.LoggedAsync(e => e.IsOutbound && e.IsFrom(caller) && e.Line.Contains($"Sidecar {apps}/default", StringComparison.Ordinal), "the refusal names its Sidecar");

        await DeleteAsync("networking.istio.io", "Sidecar", apps, "default");
        await Until.Async(() => caller.CurlAsync(cache), r => r.Ok, "without it everything is seen again");
        await ReachesAsync(caller, web, db, cache, nobody);
    }

    private static string Sidecar(string ns, string name, string spec) => $$"""
        apiVersion: networking.istio.io/v1
        kind: Sidecar
        metadata: { name: {{name}}, namespace: {{ns}} }
        spec: { {{spec}} }
        """;

    private static async Task ReachesAsync(MeshPod from, params string[] urls)
    {
        foreach (string url in urls)
        {
            await Until.Async(() => from.CurlAsync(url, "-k"), r => r.Ok, $"{from} reaches {url}");
            Assert.Equal(Times - 1, await CountAsync(from, url));
        }
    }

    private static async Task RefusedAsync(MeshPod from, params string[] urls)
    {
        foreach (string url in urls)
        {
            Assert.Equal(0, await CountAsync(from, url));
        }
    }

    /// <summary>How many of a row of connections were answered.</summary>
    private static async Task<int> CountAsync(MeshPod from, string url)
    {
        int answered = 0;
        for (int i = 1; i < Times; i++)
        {
            answered += (await from.CurlAsync(url, "-k")).Ok ? 1 : 0;
        }

        return answered;
    }
}
