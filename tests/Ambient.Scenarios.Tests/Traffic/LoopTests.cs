using System.Net;
using System.Net.Sockets;
using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Traffic;

/// <summary>Calls to the proxy's own ports, from a captured pod to everywhere, end and do not circle.</summary>
public sealed class LoopTests(MeshFixture mesh) : Scenario(mesh)
{
    private static readonly int[] Ports = [15001, 15006, 15008, 15053, 15080, 15020, 15021, 15000];

    [Fact]
    public async Task ProxyPorts_OfSelfLoopbackOthersAndOutsiders_EndWithoutALoop()
    {
        (string inside, string outside) = (await NamespaceAsync("in"), await NamespaceAsync("out", enrolled: false));
        MeshPod[] pods = await StartAsync(
            new PodPlan(inside, "self"), new PodPlan(inside, "near"), new PodPlan(inside, "far") { Node = "node-2", IsEcho = true },
            new PodPlan(outside, "plain") { Node = "node-2" });
        MeshPod self = pods[0];
        IPAddress[] targets = [IPAddress.Loopback, .. pods.Select(p => p.Address)];

        await Task.WhenAll(from port in Ports from target in targets select EndsAsync(self, target, port));

        foreach (MeshPod pod in pods[..3])
        {
            await Until.Async(() => OpenAsync(pod), open => open == 0, $"no connection of {pod} circles");
        }

        int calls = Ports.Length * targets.Length;
        int lines = (await Ztunnels.AccessLogAsync()).Count(e => e.Line.Contains(inside, StringComparison.Ordinal));
        Assert.InRange(lines, 1, 2 * calls);
        Assert.True(await self.ReachesAsync(pods[2]), "traffic goes on");
    }

    private async Task<int> OpenAsync(MeshPod pod)
    {
        var connections = (await Ztunnels.DumpAsync(pod.Node))?["workloadState"]?[pod.Uid]?["connections"];
        return connections is null ? -1 : connections["inbound"]!.AsArray().Count + connections["outbound"]!.AsArray().Count;
    }

    // An orderly end, a reset, a TLS alert: anything but a connection that stays.
    private static async Task EndsAsync(MeshPod from, IPAddress to, int port)
    {
        try
        {
            using Socket socket = await from.ConnectAsync(to, port);
            await socket.SayAsync("GET / HTTP/1.1\r\n\r\n");
            byte[] buffer = new byte[1024];
            CancellationToken soon = SocketWords.Soon();
            while (await socket.ReceiveAsync(buffer, soon) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // An end too.
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{from} to {to}:{port} stays open");
        }
    }
}
