using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Ambient.Core.Identity;
using Ambient.Hbone.Connect;
using Ambient.Hbone.Http2.Frames;
using Ambient.Hbone.Pool;
using Ambient.Hbone.Tests.Peers;
using Ambient.Hbone.Transport;
using Ambient.Identity.Svids;
using Ambient.Identity.Tls;
using Ambient.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ambient.Hbone.Tests.Interop;

/// <summary>HBONE with a peer that nobody here wrote: Node's http2 module (nghttp2) over OpenSSL.</summary>
public class NodeInteropTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NodeAsClient_IsServed()
    {
        TaskCompletionSource<string> reset = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IncomingConnect? first = null;
        TunnelWorld? world = null;
        await using TunnelWorld serving = world = new TunnelWorld(new HandlerOf(async (connect, ct) =>
        {
            first ??= connect;
            await ServeAsync(connect, reset, () => world!.Drain(), ct);
        }));
        using NodeFiles files = new(world.Ca, "client", world.Ca.Issue("shop", "node"));
        using NodeProcess node = NodeProcess.Start("client.mjs", ("URL", $"https://127.0.0.1:{world.EndPoint.Port}"), ("DIR", files.Directory));

        Dictionary<string, string> checks = (await node.ReadToEndAsync(() => world.Log.ToString(), Ct))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToDictionary(e => e.GetProperty("check").GetString()!, e => e.GetProperty("value").ToString());

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["protocol"] = "TLSv1.3 h2",
                ["status"] = "200",
                ["reply-baggage"] = "service.name=ambient",
                ["half-close"] = "half",
                ["1 MiB"] = "True",
                ["many"] = "True",
                ["four of 8 MiB"] = "True",
                ["denied"] = "401",
                ["server reset"] = "10",
                ["client reset"] = "ConnectError",
                ["goaway"] = "0 after goaway",
                ["closed"] = "True",
            },
            checks);
        Assert.Equal(new PeerIdentity.Verified(world.Ca.Id("shop", "node")), first!.Peer);
        Assert.Equal(("k8s.namespace.name=shop", "for=\"10.0.0.7:1234\""), (first.Request.Baggage, first.Request.Forwarded));
    }

    [Fact]
    public async Task NodeAsServer_IsReached()
    {
        TestCa ca = new();
        Svid ours = ca.Issue("shop", "web");
        Svid nodes = ca.Issue("shop", "node");
        using NodeFiles files = new(ca, "server", nodes);
        using NodeProcess node = NodeProcess.Start("server.mjs", ("DIR", files.Directory));
        int port = int.Parse((await node.Output.ReadLineAsync(Ct))!, System.Globalization.CultureInfo.InvariantCulture);
        int dials = 0;
        await using HbonePool pool = new(
            async (key, ct) =>
            {
                Interlocked.Increment(ref dials);
                Socket socket = await Loopback.ConnectAsync(key.Destination, ct);
                return await TlsConnection.ConnectAsync(socket, MeshTls.Client(ours, ca.Trust, key.Expected), TimeSpan.FromSeconds(10), ct);
            },
            new HbonePoolOptions { SpreadStreams = 1000 }, TimeProvider.System, NullLogger.Instance);
        PoolKey node1 = new() { Source = ours.Id, Expected = [nodes.Id], Destination = new IPEndPoint(IPAddress.Loopback, port) };

        Assert.Contains("spiffe://cluster.local/ns/shop/sa/web", await HeadersAsync(pool, node1), StringComparison.Ordinal);
        Assert.True(await EchoAsync(pool, node1, 1 << 20));
        Assert.DoesNotContain(false, await Task.WhenAll(Enumerable.Range(0, 90).Select(i => EchoAsync(pool, node1, 1000 + i))));
        Assert.DoesNotContain(false, await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => EchoAsync(pool, node1, 8 << 20))));
        Assert.Equal(1, dials);

        HboneConnectException denied = await Assert.ThrowsAsync<HboneConnectException>(
            async () => await pool.ConnectAsync(node1, TunnelWorld.To("denied:1"), Ct));
        Assert.Equal(401, denied.Status);

        HboneStream reset = await pool.ConnectAsync(node1, TunnelWorld.To("reset:1"), Ct);
        await reset.Output.WriteAsync(new byte[1], Ct);
        // Node ends the stream before it resets it.
        TaskCompletionSource<HboneStreamResetException> fault = new();
        reset.OnFault(fault.SetResult);
        HboneStreamResetException seen = await fault.Task.WaitAsync(Ct);
        Assert.Equal((ErrorCode.ConnectError, true), (seen.Code, seen.ByPeer));
        await Assert.ThrowsAsync<HboneStreamResetException>(async () => await reset.Output.WriteAsync(new byte[1], Ct));

        HboneStream abandoned = await pool.ConnectAsync(node1, TunnelWorld.To("echo:1"), Ct);
        abandoned.Reset(ErrorCode.ConnectError);
        Assert.True(await EchoAsync(pool, node1, 1000));

        // The session says GOAWAY: its stream ends in order, the next one is on a new connection.
        await using HboneStream last = await pool.ConnectAsync(node1, TunnelWorld.To("goaway:1"), Ct);
        await last.Output.WriteAsync("after goaway"u8.ToArray(), Ct);
        await last.Output.CompleteAsync();
        Assert.Equal("after goaway", Encoding.UTF8.GetString(await Pipes.ReadAllAsync(last.Input, Ct)));
        Assert.True(await EchoAsync(pool, node1, 1000));
        Assert.Equal(2, dials);
    }

    private static async ValueTask ServeAsync(
        IncomingConnect connect, TaskCompletionSource<string> reset, Action drain, CancellationToken ct)
    {
        if (connect.Request.Authority == "denied:1")
        {
            await connect.RejectAsync(401);
            return;
        }

        await using HboneStream stream = await connect.AcceptAsync("service.name=ambient");
        switch (connect.Request.Authority)
        {
            case "reset:1":
                await stream.Input.ReadAsync(ct);
                stream.Reset(ErrorCode.ConnectError);
                break;
            case "watch:1":
                // Node ends the stream before it resets it.
                stream.OnFault(e => reset.SetResult(e.Code.ToString()));
                await reset.Task.WaitAsync(ct);
                break;
            case "watched:1":
                await stream.Output.WriteAsync(Encoding.UTF8.GetBytes(await reset.Task.WaitAsync(ct)), ct);
                break;
            case "drain:1":
                drain();
                break;
            default:
                await Pipes.EchoAsync(stream);
                break;
        }
    }

    private static async Task<string> HeadersAsync(HbonePool pool, PoolKey key)
    {
        ConnectRequest request = TunnelWorld.To("headers:1") with { Baggage = "k8s.namespace.name=shop" };
        await using HboneStream stream = await pool.ConnectAsync(key, request, Ct);
        await stream.Output.CompleteAsync();
        Assert.Equal("service.name=node", stream.Reply!.Baggage);
        string answer = Encoding.UTF8.GetString(await Pipes.ReadAllAsync(stream.Input, Ct));
        Assert.Contains("\"baggage\":\"k8s.namespace.name=shop\"", answer, StringComparison.Ordinal);
        return answer;
    }

    private static async Task<bool> EchoAsync(HbonePool pool, PoolKey key, int length)
    {
        byte[] sent = Pipes.Bytes(length, length);
        await using HboneStream stream = await pool.ConnectAsync(key, TunnelWorld.To("echo:1"), Ct);
        Task<byte[]> reading = Pipes.ReadAllAsync(stream.Input, Ct);
        await stream.Output.WriteAsync(sent, Ct);
        await stream.Output.CompleteAsync();
        return Pipes.Same(sent, await reading);
    }
}
