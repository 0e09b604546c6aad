using System.Net.Sockets;
using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Enrolling;

/// <summary>A label on a namespace whose pods run.</summary>
public sealed class LiveEnrolmentTests(MeshFixture mesh) : Scenario(mesh)
{
    [Fact]
    public async Task EnrolAndUnenrol_OfRunningPods_LeavesAnOpenConnectionAloneBothTimes()
    {
        string ns = await NamespaceAsync("live", enrolled: false);
        MeshPod[] pods = await StartAsync(new PodPlan(ns, "web"), new PodPlan(ns, "orders") { Node = "node-2", IsEcho = true });
        (MeshPod web, MeshPod orders) = (pods[0], pods[1]);
        using Socket open = await web.ConnectAsync(orders, 9000);
        await open.EchoedAsync("outside");

        await EnrolAsync(ns);
        await TunnelAsync(web, orders);
        await open.EchoedAsync("inside");
        using Socket tunnelled = await web.ConnectAsync(orders, 9000);
        await tunnelled.EchoedAsync("inside");

        await UnenrolAsync(ns);
        await Until.TrueAsync(
            async () => await web.ReachesAsync(orders)
                && (await Ztunnels.DumpAsync("node-1"))!["workloadState"]![web.Uid]?["state"]?.GetValue<string>() is not "Up",
            "the pod has left the mesh");
        await open.EchoedAsync("outside again");
        await tunnelled.EchoedAsync("outside again");
        tunnelled.Dispose();
        Assert.True(await web.ReachesAsync(orders));
    }

    [Fact]
    public async Task OptOut_ByLabelOnThePod_LeavesItOutside()
    {
        string ns = await NamespaceAsync("opt");
        MeshPod[] pods = await StartAsync(
            new PodPlan(ns, "ours") { Labels = "ambient.dev/mesh: disabled" },
            new PodPlan(ns, "theirs") { Labels = "istio.io/dataplane-mode: none" },
            new PodPlan(ns, "orders") { Node = "node-2", IsEcho = true });

        foreach (MeshPod pod in pods[..2])
        {
            Assert.True(await pod.ReachesAsync(pods[2]));
            AccessEntry entry = await Ztunnels.LoggedAsync(e => e.IsInbound && e.IsBetween(pod, pods[2]), "an inbound line");
            Assert.Equal("", entry["src.identity"]);
        }

        await PeerAuthenticationAsync(ns, "STRICT");
        await BecomesAsync(pods[0], pods[2], 9000, reached: false);
        await BecomesAsync(pods[1], pods[2], 9000, reached: false);
    }

    private async Task TunnelAsync(MeshPod from, MeshPod to) => await Until.TrueAsync(
        async () =>
        {
            await from.ReachesAsync(to);
            return (await Ztunnels.AccessLogAsync()).Any(e => e.IsInbound && e.IsBetween(from, to) && e["src.identity"] == from.Identity);
        },
        $"{from} → {to} is mutual TLS");
}
