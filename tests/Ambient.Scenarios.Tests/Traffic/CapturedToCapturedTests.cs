using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Traffic;

/// <summary>Both ends in the mesh.</summary>
public sealed class CapturedToCapturedTests(MeshFixture mesh) : Scenario(mesh)
{
    [Theory]
    [InlineData("node-1")]
    [InlineData("node-2")]
    public async Task CapturedToCaptured_OnOneNodeAndAcross_IsMutualTlsWithBothIdentities(string serverNode)
    {
        string ns = await NamespaceAsync("both");
        MeshPod[] pods = await StartAsync(
            new PodPlan(ns, "web"), new PodPlan(ns, "orders") { Node = serverNode, IsEcho = true, HasService = true });
        (MeshPod web, MeshPod orders) = (pods[0], pods[1]);

        Reply direct = await web.CurlAsync(orders);
        Reply byName = await web.CurlAsync("http://orders/");

        Assert.True(direct.Ok, direct.ToString());
        Assert.True(byName.Ok, byName.ToString());
        Assert.Equal("orders", byName.Echoed("pod"));
        Assert.Equal(web.Address.ToString(), direct.Echoed("peer"));
        foreach (string direction in (string[])["outbound", "inbound"])
        {
            AccessEntry entry = await Ztunnels.LoggedAsync(e => e.IsBetween(web, orders) && e["direction"] == direction, $"an {direction} line");
            Assert.Equal(web.Identity, entry["src.identity"]);
            Assert.Equal(orders.Identity, entry["dst.identity"]);
            Assert.StartsWith("TLS", entry["tls"]);
        }
    }
}
