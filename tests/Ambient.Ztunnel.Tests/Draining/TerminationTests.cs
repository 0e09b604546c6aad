using System.Net;
using System.Net.Sockets;
using Ambient.Ztunnel.Hosting;
using Ambient.Ztunnel.Tests.Netlab;

namespace Ambient.Ztunnel.Tests.Draining;

/// <summary>SIGTERM when nobody takes over.</summary>
public sealed class TerminationTests(PodNetwork network)
{
    [Fact]
    public async Task Open_connections_go_on_new_ones_are_refused_and_the_last_one_ends_the_process()
    {
        await using var mesh = new TestMesh(network);
        ZtunnelNode node = await mesh.NodeAsync();
        Pod client = await mesh.PodAsync(node, "client"), server = mesh.Pod(), outside = mesh.Pod();
        mesh.Add(TestMesh.WorkloadOf(server, "server"));
        mesh.Add(TestMesh.EnrolmentOf(server, "server", true));
        await mesh.PublishAsync();
        ZtunnelConfig config = mesh.Config(7) with { DrainTime = TimeSpan.FromMinutes(5) };
        using var leaving = new ZtunnelProcess(config);
        await leaving.ReadyAsync();
        await CniCall.AddAsync(config.CniSocket, server);
        using TcpEndpoint app = server.Listen(8080);
        (Socket meshed, Socket meshedServed) = await MeetAsync(client, server, app);
        (Socket plain, Socket plainServed) = await MeetAsync(outside, server, app);
        Assert.Equal(1, Tunnels(node));

        leaving.Terminate();
        await mesh.UntilAsync(() => StatusOf(config) == HttpStatusCode.InternalServerError, "it is not ready any more");
        await mesh.UntilAsync(() => Tunnels(node) == 0, "the client's tunnel takes no new stream, since it was told that it ends");
        await mesh.UntilAsync(() => IsRefused(outside, server), "new connections are refused");
        await client.IsResetAsync(server.Address, 8080);

        await SocketWords.ExchangeAsync(meshed, meshedServed);
        await SocketWords.ExchangeAsync(plain, plainServed);
        Assert.False(leaving.HasExited);
        foreach (Socket socket in (Socket[])[meshed, meshedServed, plain, plainServed])
        {
            socket.Dispose();
        }

        await leaving.EndedAsync();
        Assert.Equal(0, leaving.ExitCode);
    }

    [Fact]
    public async Task Connections_that_do_not_end_are_cut_after_the_drain_time()
    {
        await using var mesh = new TestMesh(network);
        Pod server = mesh.Pod(), outside = mesh.Pod();
        mesh.Add(TestMesh.WorkloadOf(server, "server"));
        mesh.Add(TestMesh.EnrolmentOf(server, "server", true));
        await mesh.PublishAsync();
        ZtunnelConfig config = mesh.Config(8) with { DrainTime = TimeSpan.FromSeconds(1) };
        using var leaving = new ZtunnelProcess(config);
        await leaving.ReadyAsync();
        await CniCall.AddAsync(config.CniSocket, server);
        using TcpEndpoint app = server.Listen(8080);
        (Socket plain, Socket served) = await MeetAsync(outside, server, app);

        leaving.Terminate();

        await leaving.EndedAsync();
        await plain.HearResetAsync();
        Assert.Equal(0, leaving.ExitCode);
        served.Dispose();
        plain.Dispose();
    }

    private static int Tunnels(ZtunnelNode node) => node.Parts.Pods.Keepers.Sum(k => k.Capture?.Proxy.Pod.Pool.Status.Sum(s => s.Connections) ?? 0);

    private static HttpStatusCode StatusOf(ZtunnelConfig config)
    {
        using var http = new HttpClient();
        using HttpResponseMessage reply = http.GetAsync($"http://127.0.0.1:{config.ReadinessPort}/healthz/ready").Result;
        return reply.StatusCode;
    }

    private static bool IsRefused(Pod from, Pod to)
    {
        try
        {
            // Still served: with a reset, since nobody accepts it there.
            using Socket early = from.ConnectAsync(to.Address, 8080).Result;
            early.LingerState = new LingerOption(true, 0);
            return false;
        }
        catch (AggregateException e)
        {
            return e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused };
        }
    }

    private static async Task<(Socket From, Socket To)> MeetAsync(Pod client, Pod server, TcpEndpoint app)
    {
        Socket from = await client.ConnectAsync(server.Address, 8080);
        await from.SayAsync("hello");
        Socket to = await app.AcceptAsync();
        await to.HearAsync("hello");
        return (from, to);
    }
}
