using System.Net;
using System.Net.Sockets;
using Ambient.Kube.Resources;

namespace Ambient.Lab.Tests.Clusters;

/// <summary>Labs of a single address family; the shared one has both.</summary>
public sealed class FamilyTests
{
    [Theory]
    [InlineData(AddressFamilies.IPv4, AddressFamily.InterNetwork)]
    [InlineData(AddressFamilies.IPv6, AddressFamily.InterNetworkV6)]
    public async Task Lab_OfOneFamily_HasNoOtherAddressAndWorks(AddressFamilies families, AddressFamily expected)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("AMBIENT_IN_NAMESPACE") == "1", "makes network namespaces: run it by eng/in-namespace");
        var ct = TestContext.Current.CancellationToken;
        await using var lab = await LabCluster.StartAsync(new LabOptions { Families = families }, ct);
        await lab.ApplyAsync(Manifests.Namespace("one") + Manifests.Echo("one", "server", pod: "nodeName: node-2") + Manifests.Echo("one", "client", pod: "nodeName: node-1"), ct);
        var client = (await lab.WaitReadyAsync("one", "app=client", 1, LabFixture.Patience, ct))[0];
        await lab.WaitReadyAsync("one", "app=server", 1, LabFixture.Patience, ct);

        await Talk.UntilAsync(() => lab.CallAsync("one", client, "http://server/"), a => a.Error() is null, "the service answers by its name");

        var pod = await lab.Admin.Resource<Pod>().GetAsync("one", client, ct);
        var service = await lab.Admin.Resource<Service>().GetAsync("one", "server", ct);
        Assert.All(
            pod.Status!.PodIps.Select(i => i.Ip).Concat(service.Spec!.ClusterIps).Concat(lab.Nodes.SelectMany(n => n.Addresses).Select(a => a.ToString())),
            a => Assert.Equal(expected, IPAddress.Parse(a).AddressFamily));
    }
}
