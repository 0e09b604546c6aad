using Ambient.Hbone.Connect;
using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Identities;

/// <summary>Only web may call orders. A thief outside the mesh, who has got hold of certificates, says that it is web.</summary>
public sealed class SpoofTests(MeshFixture mesh) : Scenario(mesh)
{
    [Fact]
    public async Task StolenCertificate_FromAnotherPodsAddress_IsRefused()
    {
        Stage s = await StageAsync();
        HboneCaller caller = new(Lab);

        Assert.Equal(401, await caller.StatusAsync(s.Thief, s.Web.Identity, s.Orders, To(s.Orders, 9000)));

        await Ztunnels.LoggedAsync(
            e => e.IsInbound && e.IsFrom(s.Thief) && e.Line.Contains($"sa/web was presented from {s.Thief.Address}", StringComparison.Ordinal), "the refusal");
        await PolicyAsync(s.Orders.Namespace, "thief-too", "ALLOW", "orders", $"[{{ from: [{{ source: {{ principals: [{s.Thief.Principal}] }} }}] }}]");
        await Until.Async(
            () => caller.StatusAsync(s.Thief, s.Thief.Identity, s.Orders, To(s.Orders, 9000)), status => status == 200, "with its own certificate, when it may");
    }

    [Fact]
    public async Task Authority_ThatMeansSomebodyElse_IsRefused()
    {
        Stage s = await StageAsync();
        await PolicyAsync(s.Orders.Namespace, "thief-too", "ALLOW", "orders", $"[{{ from: [{{ source: {{ principals: [{s.Thief.Principal}] }} }}] }}]");
        HboneCaller caller = new(Lab);
        await Until.Async(() => AskAsync($"{s.Orders.Address}:9000"), status => status == 200, "the thief may call orders itself");

        Assert.Equal(400, await AskAsync($"{s.Web.Address}:9000"));
        Assert.Equal(400, await AskAsync("127.0.0.1:9000"));
        Assert.Equal(400, await AskAsync("kubernetes.default.svc.cluster.local:443"));
        foreach (int port in (int[])[15001, 15006, 15008])
        {
            Assert.Equal(503, await AskAsync($"{s.Orders.Address}:{port}"));
        }

        Task<int> AskAsync(string authority) => caller.StatusAsync(s.Thief, s.Thief.Identity, s.Orders, new ConnectRequest { Authority = authority });
    }

    [Fact]
    public async Task Baggage_ThatNamesAnotherWorkload_ChangesNothing()
    {
        Stage s = await StageAsync();

        int status = await new HboneCaller(Lab).StatusAsync(s.Thief, s.Thief.Identity, s.Orders, To(s.Orders, 9000) with
        {
            Baggage = $"k8s.cluster.name=Kubernetes,k8s.namespace.name={s.Web.Namespace},k8s.deployment.name=web,service.name=web,service.version=v1",
        });

        Assert.Equal(401, status);
        AccessEntry entry = await Ztunnels.LoggedAsync(e => e.IsInbound && e.IsBetween(s.Thief, s.Orders) && e["reason"] == "denied" && e["src.identity"].Length > 0, "the denial of the tunnel");
        Assert.Equal(s.Thief.Identity, entry["src.identity"]);
    }

    [Fact]
    public async Task Address_OfAnotherPod_IsNoIdentity()
    {
        Stage s = await StageAsync();
        Assert.True(await s.Web.ReachesAsync(s.Orders));
        ExecResult taken = await LabCluster.ExecInNetnsAsync(s.Thief.NetnsPath, ["ip", "addr", "add", $"{s.Web.Address}/32", "dev", "eth0"]);
        Assert.True(taken.ExitCode == 0, taken.Error);

        Reply plain = await s.Thief.CurlAsync(s.Orders.Url, "--interface", s.Web.Address.ToString(), "-m", "3");

        Assert.NotEqual(0, plain.ExitCode);
        Assert.Equal("", plain.Body);
    }

    private static ConnectRequest To(MeshPod pod, int port) => new() { Authority = $"{pod.Address}:{port}" };

    private async Task<Stage> StageAsync()
    {
        (string inside, string outside) = (await NamespaceAsync("in"), await NamespaceAsync("out", enrolled: false));
        MeshPod[] pods = await StartAsync(
            new PodPlan(inside, "web"), new PodPlan(inside, "orders") { Node = "node-2", IsEcho = true }, new PodPlan(outside, "thief") { Node = "node-2" });
        await PolicyAsync(inside, "web-only", "ALLOW", "orders", $"[{{ from: [{{ source: {{ principals: [{pods[0].Principal}] }} }}] }}]");
        await BecomesAsync(pods[2], pods[1], 9000, reached: false);
        return new Stage(pods[0], pods[1], pods[2]);
    }

    private sealed record Stage(MeshPod Web, MeshPod Orders, MeshPod Thief);
}
