using System.Net.Sockets;
using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Lifecycle;

/// <summary>The control plane goes and comes back; traffic does not notice.</summary>
[Collection(Alone.Name)]
public sealed class ControlPlaneTests(MeshFixture mesh) : Scenario(mesh)
{
    [Fact]
    public async Task Operator_AwayForTheWholeTest_TrafficAndPoliciesStay()
    {
        (string ns, string outside) = (await NamespaceAsync("away"), await NamespaceAsync("out", enrolled: false));
        MeshPod[] pods = await StartAsync(
            new PodPlan(ns, "web"), new PodPlan(ns, "payment"), new PodPlan(ns, "orders") { Node = "node-2", IsEcho = true, HasService = true }, new PodPlan(outside, "old"));
        (MeshPod web, MeshPod payment, MeshPod orders, MeshPod old) = (pods[0], pods[1], pods[2], pods[3]);
        await PeerAuthenticationAsync(ns, "STRICT");
        await PolicyAsync(ns, "no-payment", "DENY", "orders", $"[{{ from: [{{ source: {{ principals: [{payment.Principal}] }} }}] }}]");
        await BecomesAsync(payment, orders, 9000, reached: false);
        await BecomesAsync(old, orders, 9000, reached: false);
        MeshParts parts = new(Lab, Ztunnels);
        Afterwards(() => parts.OperatorAsync(present: true));
        using Socket open = await web.ConnectAsync(orders, 9000);
        await open.EchoedAsync("before");

        await parts.OperatorAsync(present: false);

        await open.EchoedAsync("meanwhile");
        for (int i = 0; i < 20; i++)
        {
            Assert.True(await web.ReachesAsync(orders));
        }

        Reply byName = await web.CurlAsync("http://orders/");
        Assert.True(byName.Ok, byName.ToString());
        Assert.False(await payment.ReachesAsync(orders));
        Assert.False(await old.ReachesAsync(orders));
    }

    [Fact]
    public async Task ApiServer_Restarted_TrafficGoesOnAndChangesTakeEffectAfterwards()
    {
        string ns = await NamespaceAsync("api");
        MeshPod[] pods = await StartAsync(new PodPlan(ns, "web"), new PodPlan(ns, "orders") { Node = "node-2", IsEcho = true });
        (MeshPod web, MeshPod orders) = (pods[0], pods[1]);
        await using (Load load = new(web, orders))
        {
            await Until.TrueAsync(() => load.Done > 20, "the load runs");
            await Lab.RestartApiServerAsync(TimeSpan.FromSeconds(1), forgetHistory: true, Stop);
            int before = load.Done;
            await Until.TrueAsync(() => load.Done > before + 20, "the load goes on");
            await Until.TrueAsync(AnswersAsync, "the API server is back");
            await load.StopAsync();
            Assert.Empty(load.Failures);
        }

        await PolicyAsync(ns, "nobody", "DENY", "orders", $"[{{ from: [{{ source: {{ principals: [{web.Principal}] }} }}] }}]");

        await BecomesAsync(web, orders, 9000, reached: false);
        await DenialAsync(web, orders, "nobody");
    }

    [Fact]
    public async Task ThousandWorkloads_KnownToBothNodes_LeavePoliciesInForceAtOnce()
    {
        (string ns, string crowd) = (await NamespaceAsync("few"), await NamespaceAsync("crowd"));
        MeshPod[] pods = await StartAsync(new PodPlan(ns, "web"), new PodPlan(ns, "orders") { Node = "node-2", IsEcho = true });
        await Parallel.ForAsync(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Stop }, async (i, _) => await ApplyAsync($$"""
            apiVersion: networking.istio.io/v1
            kind: WorkloadEntry
            metadata: { name: w{{i}}, namespace: {{crowd}}, labels: { app: a{{i % 50}} } }
            spec: { address: 10.250.{{i / 250}}.{{(i % 250) + 1}}, serviceAccount: sa{{i % 20}}, labels: { app: a{{i % 50}} } }
            """));
        foreach (int i in Enumerable.Range(0, 50))
        {
            await PolicyAsync(crowd, $"p{i}", "ALLOW", $"a{i}", $"[{{ from: [{{ source: {{ namespaces: [{ns}] }} }}] }}]");
        }

        foreach (string node in (string[])["node-1", "node-2"])
        {
            await Until.Async(
                async () => (await Ztunnels.DumpAsync(node))?["workloads"]?.AsArray().Count(w => (string?)w?["namespace"] == crowd),
                known => known == 1000, $"{node} knows the thousand");
        }

        await PolicyAsync(ns, "nobody", "DENY", "orders", $"[{{ from: [{{ source: {{ principals: [{pods[0].Principal}] }} }}] }}]");

        await BecomesAsync(pods[0], pods[1], 9000, reached: false);
        await DenialAsync(pods[0], pods[1], "nobody");
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await Ztunnels.PodsAsync();
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
