using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Names;

/// <summary>Names as a captured pod's own resolv.conf means them, answered by its ztunnel.</summary>
public sealed class NameTests(MeshFixture mesh) : Scenario(mesh)
{
    [Fact]
    public async Task Names_OfServices_LeadToTheirAddressInEveryLength()
    {
        string ns = await NamespaceAsync("dns");
        MeshPod web = (await StartAsync(
            new PodPlan(ns, "web"), new PodPlan(ns, "orders") { Node = "node-2", HasService = true }))[0];
        string address = (await ServiceAddressAsync(ns, "orders")).ToString();
        double before = await QueriesAsync();

        foreach (string name in (string[])["orders", $"orders.{ns}", $"orders.{ns}.svc", $"orders.{ns}.svc.cluster.local", $"orders.{ns}.svc.cluster.local.", $"ORDERS.{ns}"])
        {
            Assert.Equal(address, await LookUpAsync(web, name));
        }

        Assert.True(await QueriesAsync() > before, "the pod's ztunnel answered");
    }

    [Fact]
    public async Task Names_OfAnotherNamespaceAlone_AreNotFoundByTheSearchList()
    {
        (string ns, string other) = (await NamespaceAsync("dns"), await NamespaceAsync("other"));
        MeshPod web = (await StartAsync(new PodPlan(ns, "web"), new PodPlan(other, "elsewhere") { HasService = true }))[0];

        Assert.Equal("", await LookUpAsync(web, "elsewhere"));
        Assert.NotEqual("", await LookUpAsync(web, $"elsewhere.{other}"));
    }

    [Fact]
    public async Task Names_WithATrailingDot_AreNotSearched()
    {
        string ns = await NamespaceAsync("dns");
        MeshPod web = (await StartAsync(new PodPlan(ns, "web"), new PodPlan(ns, "orders") { HasService = true }))[0];

        Assert.Equal("", await LookUpAsync(web, "orders."));
        Assert.Equal("", await LookUpAsync(web, $"orders.{ns}."));
    }

    [Fact]
    public async Task Names_OfHeadlessServices_LeadToThePods()
    {
        string ns = await NamespaceAsync("dns");
        MeshPod[] pods = await StartAsync(
            new PodPlan(ns, "web"), new PodPlan(ns, "orders") { Node = "node-2", HasService = true, IsHeadless = true });

        Assert.Equal(pods[1].Address.ToString(), await Until.Async(() => LookUpAsync(pods[0], "orders"), a => a.Length > 0, "the headless name"));
    }

    [Fact]
    public async Task Names_ThatNobodyKnows_AreNotFound()
    {
        string ns = await NamespaceAsync("dns");
        MeshPod web = (await StartAsync(new PodPlan(ns, "web")))[0];

        ExecResult result = await web.ExecAsync("getent", "ahostsv4", "nobody-knows-this");

        Assert.Equal(2, result.ExitCode);
    }

    private static async Task<string> LookUpAsync(MeshPod pod, string name)
    {
        ExecResult result = await pod.ExecAsync("getent", "ahostsv4", name);
        return result.ExitCode == 0 ? result.Output.Split([' ', '\n'], 2)[0] : "";
    }

    private Task<double> QueriesAsync() => Ztunnels.SumAsync("node-1", "istio_dns_requests_total");
}
