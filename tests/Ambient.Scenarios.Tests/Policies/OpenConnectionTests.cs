using System.Net.Sockets;
using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Policies;

/// <summary>A policy does not wait for the next connection.</summary>
public sealed class OpenConnectionTests(MeshFixture mesh) : Scenario(mesh)
{
    [Fact]
    public async Task Deny_AppliedToAnOpenTunnel_ClosesItAndNoOther()
    {
        string ns = await NamespaceAsync("open");
        MeshPod[] pods = await StartAsync(
            new PodPlan(ns, "web"), new PodPlan(ns, "payment"), new PodPlan(ns, "orders") { Node = "node-2", IsEcho = true });
        using Socket web = await pods[0].ConnectAsync(pods[2], 9000);
        using Socket payment = await pods[1].ConnectAsync(pods[2], 9000);
        await web.EchoedAsync("before");
        await payment.EchoedAsync("before");

        await PolicyAsync(ns, "no-payment", "DENY", "orders", $"[{{ from: [{{ source: {{ principals: [{pods[1].Principal}] }} }}] }}]");

        await payment.HearNothingMoreAsync();
        await web.EchoedAsync("after");
        await Ztunnels.LoggedAsync(
            e => e.IsInbound && e.IsBetween(pods[1], pods[2]) && e["policy"].Contains("no-payment", StringComparison.Ordinal), "the line of the closed connection");
    }

    [Fact]
    public async Task Strict_AppliedToAnOpenPlaintextConnection_ClosesIt()
    {
        (string inside, string outside) = (await NamespaceAsync("in"), await NamespaceAsync("out", enrolled: false));
        MeshPod[] pods = await StartAsync(
            new PodPlan(outside, "old"), new PodPlan(inside, "web"), new PodPlan(inside, "orders") { Node = "node-2", IsEcho = true });
        using Socket old = await pods[0].ConnectAsync(pods[2], 9000);
        using Socket web = await pods[1].ConnectAsync(pods[2], 9000);
        await old.EchoedAsync("before");
        await web.EchoedAsync("before");

        await PeerAuthenticationAsync(inside, "STRICT");

        await old.HearNothingMoreAsync();
        await web.EchoedAsync("after");
    }
}
