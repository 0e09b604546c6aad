using System.Net;
using System.Net.Sockets;
using System.Text;
using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Traffic;

/// <summary>What applications do with sockets works as without a mesh.</summary>
public sealed class SocketTests(MeshFixture mesh) : Scenario(mesh)
{
    [Fact]
    public async Task ServerFirst_SmtpAndMySql_GreetTheClient()
    {
        (MeshPod web, MeshPod orders) = await PairAsync();

        using (Socket mail = await web.ConnectAsync(orders, 9025))
        {
            await mail.HearAsync("220 orders ready\r\n");
            await mail.SayAsync("HELO web\r\n");
            await mail.HearAsync("250 HELO web\r\n");
        }

        using Socket database = await web.ConnectAsync(orders, 9306);
        byte[] greeting = new byte[5];
        await database.ReceiveAsync(greeting, SocketWords.Soon());
        Assert.Equal(10, greeting[4]);
        await TunnelledAsync(web, orders, 9025);
    }

    [Fact]
    public async Task HalfClose_ByTheClient_LetsTheServerAnswerAfterwards()
    {
        (MeshPod web, MeshPod orders) = await PairAsync();
        string words = string.Concat(Enumerable.Repeat("0123456789", 20_000));

        using Socket socket = await web.ConnectAsync(orders, 9001);
        await socket.SayAsync(words);
        socket.Shutdown(SocketShutdown.Send);

        await socket.HearAsync(words);
        await socket.HearEndAsync();
        await TunnelledAsync(web, orders, 9001);
    }

    [Fact]
    public async Task Reset_ByTheServer_IsAResetForTheClient()
    {
        (MeshPod web, MeshPod orders) = await PairAsync();

        using Socket socket = await web.ConnectAsync(orders, 9004);
        await socket.SayAsync("hello");

        await socket.HearResetAsync();
    }

    [Fact]
    public async Task Reset_ByTheClient_IsAResetForTheServer()
    {
        string ns = await NamespaceAsync("reset");
        MeshPod[] pods = await StartAsync(new PodPlan(ns, "web"), new PodPlan(ns, "orders") { Node = "node-2" });
        using Socket listener = await pods[1].ListenAsync(7000);
        Socket client = await pods[0].ConnectAsync(pods[1], 7000);
        await client.SayAsync("hello");
        using Socket server = await listener.AcceptAsync(SocketWords.Soon());
        await server.HearAsync("hello");

        client.LingerState = new LingerOption(true, 0);
        client.Dispose();

        await server.HearResetAsync();
    }

    [Fact]
    public async Task Udp_BetweenCapturedPods_IsUntouched()
    {
        (MeshPod web, MeshPod orders) = await PairAsync();

        using Socket socket = await NetnsSocket.CreateAsync(web.NetnsPath, AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await socket.SendToAsync(Encoding.UTF8.GetBytes("datagram"), new IPEndPoint(orders.Address, 9053), SocketWords.Soon());

        byte[] buffer = new byte[64];
        SocketReceiveFromResult got = await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), SocketWords.Soon());
        Assert.Equal("datagram", Encoding.UTF8.GetString(buffer, 0, got.ReceivedBytes));
        Assert.Equal(new IPEndPoint(orders.Address, 9053), got.RemoteEndPoint);
    }

    [Fact]
    public async Task Self_ByAddressAndByService_IsReached()
    {
        (_, MeshPod orders) = await PairAsync();

        Reply byAddress = await orders.CurlAsync(orders);
        Reply byLoopback = await orders.CurlAsync("http://127.0.0.1:8080/");
        // A pod of the service's own name has that name in its hosts file; the long one is the service.
        Reply byService = await orders.CurlAsync($"http://orders.{orders.Namespace}.svc.cluster.local/");

        Assert.True(byAddress.Ok, byAddress.ToString());
        Assert.True(byLoopback.Ok, byLoopback.ToString());
        Assert.True(byService.Ok, byService.ToString());
        Assert.Equal("orders", byService.Echoed("pod"));
    }

    [Fact]
    public async Task HeadlessService_ByName_IsMutualTls()
    {
        string ns = await NamespaceAsync("headless");
        MeshPod[] pods = await StartAsync(
            new PodPlan(ns, "web"), new PodPlan(ns, "orders") { Node = "node-2", IsEcho = true, HasService = true, IsHeadless = true });

        Reply reply = await Until.Async(() => pods[0].CurlAsync($"http://orders.{ns}:8080/"), r => r.Ok, "the headless service answers");

        Assert.Equal("orders", reply.Echoed("pod"));
        await TunnelledAsync(pods[0], pods[1], 8080);
    }

    [Fact]
    public async Task ServerThatIsNotThere_IsNoConnectionThatStays()
    {
        (MeshPod web, MeshPod orders) = await PairAsync();

        Reply reply = await web.CurlAsync($"http://{orders.Address}:7777/");

        Assert.NotEqual(0, reply.ExitCode);
        Assert.NotEqual(28, reply.ExitCode);
    }

    [Fact]
    public async Task HostNetworkPod_AsServerAndAsClient_TalksPlainly()
    {
        (string ns, string host) = (await NamespaceAsync("pods"), await NamespaceAsync("host"));
        MeshPod[] pods = await StartAsync(
            new PodPlan(ns, "web"), new PodPlan(ns, "orders") { Node = "node-2", IsEcho = true },
            new PodPlan(host, "agent") { IsOnHostNetwork = true });
        (MeshPod web, MeshPod orders, MeshPod agent) = (pods[0], pods[1], pods[2]);
        using Socket listener = await agent.ListenAsync(7001);

        using Socket client = await web.ConnectAsync(agent.Address, 7001);
        await client.SayAsync("hello");
        using Socket server = await listener.AcceptAsync(SocketWords.Soon());
        await server.HearAsync("hello");
        Assert.True(await agent.ReachesAsync(orders), "a host-network client under PERMISSIVE");
        await PeerAuthenticationAsync(ns, "STRICT");
        await BecomesAsync(agent, orders, 9000, reached: false);
        Assert.True(await web.ReachesAsync(orders), "the mesh goes on");
    }

    private async Task<(MeshPod Web, MeshPod Orders)> PairAsync()
    {
        string ns = await NamespaceAsync("pair");
        MeshPod[] pods = await StartAsync(new PodPlan(ns, "web"), new PodPlan(ns, "orders") { Node = "node-2", IsEcho = true, HasService = true });
        return (pods[0], pods[1]);
    }

    private async Task TunnelledAsync(MeshPod from, MeshPod to, int port)
    {
        AccessEntry entry = await Ztunnels.LoggedAsync(
            e => e.IsInbound && e.IsBetween(from, to) && e["dst.addr"].EndsWith($":{port}", StringComparison.Ordinal), $"an inbound line for port {port}");
        Assert.Equal(from.Identity, entry["src.identity"]);
    }
}
