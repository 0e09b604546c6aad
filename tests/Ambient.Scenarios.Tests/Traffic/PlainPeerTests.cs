using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Traffic;

/// <summary>One end in the mesh, the other not.</summary>
public sealed class PlainPeerTests(MeshFixture mesh) : Scenario(mesh)
{
    [Fact]
    public async Task CapturedToPlain_PassesThroughUnencrypted()
    {
        (string inside, string outside) = (await NamespaceAsync("in"), await NamespaceAsync("out", enrolled: false));
        MeshPod[] pods = await StartAsync(
            new PodPlan(inside, "web"), new PodPlan(outside, "orders") { Node = "node-2", IsEcho = true, HasService = true });
        (MeshPod web, MeshPod orders) = (pods[0], pods[1]);

        Reply direct = await web.CurlAsync(orders);
        Reply byName = await web.CurlAsync($"http://orders.{outside}/");

        Assert.True(direct.Ok, direct.ToString());
        Assert.True(byName.Ok, byName.ToString());
        Assert.Equal(web.Address.ToString(), direct.Echoed("peer"));
        AccessEntry entry = await Ztunnels.LoggedAsync(e => e.IsOutbound && e.IsBetween(web, orders), "an outbound line");
        Assert.Equal("", entry["tls"]);
        Assert.Equal("", entry["dst.identity"]);
    }

    [Fact]
    public async Task PlainToCaptured_WhenNothingIsSaid_IsLetInWithoutIdentity()
    {
        (MeshPod old, MeshPod orders) = await PlainAndCapturedAsync();

        Reply direct = await old.CurlAsync(orders);
        Reply byName = await old.CurlAsync($"http://orders.{orders.Namespace}/");

        Assert.True(direct.Ok, direct.ToString());
        Assert.True(byName.Ok, byName.ToString());
        Assert.Equal(old.Address.ToString(), direct.Echoed("peer"));
        AccessEntry entry = await Ztunnels.LoggedAsync(e => e.IsInbound && e.IsBetween(old, orders), "an inbound line");
        Assert.Equal("", entry["src.identity"]);
        Assert.Equal("", entry["tls"]);
    }

    [Fact]
    public async Task PlainToCaptured_UnderPermissive_IsLetIn()
    {
        (MeshPod old, MeshPod orders) = await PlainAndCapturedAsync();
        await PeerAuthenticationAsync(orders.Namespace, "STRICT");
        await BecomesAsync(old, orders, 9000, reached: false);

        await PeerAuthenticationAsync(orders.Namespace, "PERMISSIVE");

        await BecomesAsync(old, orders, 9000, reached: true);
    }

    [Fact]
    public async Task PlainToCaptured_UnderDisable_IsLetInAsUnderPermissive()
    {
        (MeshPod old, MeshPod orders) = await PlainAndCapturedAsync();
        await PeerAuthenticationAsync(orders.Namespace, "STRICT");
        await BecomesAsync(old, orders, 9000, reached: false);

        await PeerAuthenticationAsync(orders.Namespace, "DISABLE");

        await BecomesAsync(old, orders, 9000, reached: true);
    }

    [Fact]
    public async Task PlainToCaptured_UnderStrict_IsRefusedAndTheMeshGoesOn()
    {
        (MeshPod old, MeshPod orders) = await PlainAndCapturedAsync();
        MeshPod web = (await StartAsync(new PodPlan(orders.Namespace, "web")))[0];

        await PeerAuthenticationAsync(orders.Namespace, "STRICT");

        await BecomesAsync(old, orders, 9000, reached: false);
        AccessEntry entry = await Ztunnels.LoggedAsync(e => e.IsInbound && e.IsBetween(old, orders) && e["reason"].Length > 0, "a denial");
        Assert.NotEqual("", entry["policy"]);
        Assert.Equal("", entry["src.identity"]);
        Assert.True(await web.ReachesAsync(orders));
    }

    [Fact]
    public async Task PlainToCaptured_UnderStrictWithAnOpenPort_IsLetInThereOnly()
    {
        (MeshPod old, MeshPod orders) = await PlainAndCapturedAsync();

        await PeerAuthenticationAsync(orders.Namespace, "STRICT", "orders", "9000: { mode: PERMISSIVE }");

        await BecomesAsync(old, orders, 9002, reached: false);
        await BecomesAsync(old, orders, 9000, reached: true);
    }

    [Fact]
    public async Task PlainToCaptured_UnderPermissiveWithAStrictPort_IsRefusedThereOnly()
    {
        (MeshPod old, MeshPod orders) = await PlainAndCapturedAsync();

        await PeerAuthenticationAsync(orders.Namespace, "PERMISSIVE", "orders", "9002: { mode: STRICT }");

        await BecomesAsync(old, orders, 9002, reached: false);
        await BecomesAsync(old, orders, 9000, reached: true);
    }

    private async Task<(MeshPod Plain, MeshPod Captured)> PlainAndCapturedAsync()
    {
        (string inside, string outside) = (await NamespaceAsync("in"), await NamespaceAsync("out", enrolled: false));
        MeshPod[] pods = await StartAsync(
            new PodPlan(outside, "old"), new PodPlan(inside, "orders") { Node = "node-2", IsEcho = true, HasService = true });
        return (pods[0], pods[1]);
    }
}
