using System.Net;
using System.Net.Sockets;
using Ambient.Proxy.Sockets;
using Ambient.Ztunnel.Capture;
using Ambient.Ztunnel.Tests.Netlab;

namespace Ambient.Ztunnel.Tests.Capture;

/// <summary>The rules against the kernel: bare listeners stand where the proxy would.</summary>
public sealed class PodRedirectTests(PodNetwork network)
{
    private static readonly NodeMarks s_marks = NodeMarks.Random();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Outbound_captured_knows_where_it_was_going(bool six)
    {
        using Pod pod = network.NewPod();
        using TcpEndpoint capture = pod.Listen(15001, IPAddress.IPv6Any);
        await InstallAsync(pod);
        var destination = new IPEndPoint(IPAddress.Parse(six ? "fd00:96::7" : "10.96.0.7"), 80);

        using Socket app = await pod.ConnectAsync(destination);
        using Socket proxy = await capture.AcceptAsync();

        Assert.Equal(destination, proxy.OriginalDestination());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Inbound_captured_knows_where_it_was_going(bool six)
    {
        using Pod pod = network.NewPod();
        using Pod peer = network.NewPod();
        using TcpEndpoint capture = pod.Listen(15006, IPAddress.IPv6Any);
        await InstallAsync(pod);
        var destination = new IPEndPoint(six ? pod.Address6 : pod.Address, 8080);

        using Socket client = await peer.ConnectAsync(destination);
        using Socket proxy = await capture.AcceptAsync();

        Assert.Equal(destination, proxy.OriginalDestination());
        Assert.Equal(six ? peer.Address6 : peer.Address, ((IPEndPoint)proxy.RemoteEndPoint!).Unmapped().Address);
    }

    [Fact]
    public async Task Loopback_own_address_and_hbone_port_are_not_captured()
    {
        using Pod pod = network.NewPod();
        using Pod peer = network.NewPod();
        using TcpEndpoint outbound = pod.Listen(15001, IPAddress.IPv6Any);
        using TcpEndpoint inbound = pod.Listen(15006, IPAddress.IPv6Any);
        using TcpEndpoint app = pod.Listen(8080, IPAddress.IPv6Any);
        using TcpEndpoint hbone = pod.Listen(15008, IPAddress.IPv6Any);
        await InstallAsync(pod);

        foreach (IPAddress address in (IPAddress[])[IPAddress.Loopback, IPAddress.IPv6Loopback, pod.Address, pod.Address6])
        {
            using Socket client = await pod.ConnectAsync(address, 8080);
            using Socket served = await app.AcceptAsync();
            await SocketWords.ExchangeAsync(client, served);
        }

        using Socket tunnel = await peer.ConnectAsync(pod.Address, 15008);
        using Socket accepted = await hbone.AcceptAsync();
        await SocketWords.ExchangeAsync(tunnel, accepted);
        Assert.True(await outbound.StaysQuietAsync());
        Assert.True(await inbound.StaysQuietAsync());
    }

    [Fact]
    public async Task Excluded_ports_and_ranges_pass()
    {
        using Pod pod = network.NewPod();
        using Pod peer = network.NewPod();
        using TcpEndpoint outbound = pod.Listen(15001, IPAddress.IPv6Any);
        using TcpEndpoint inbound = pod.Listen(15006, IPAddress.IPv6Any);
        using TcpEndpoint app = pod.Listen(9090);
        using TcpEndpoint far = peer.Listen(7000);
        using TcpEndpoint far6 = peer.Listen(7001, peer.Address6);
        await InstallAsync(pod, p => p with
        {
            ExcludedInboundPorts = [9090],
            ExcludedOutboundPorts = [7000, 7000],
            ExcludedOutboundRanges = [IPNetwork.Parse("fd00:244::/64"), IPNetwork.Parse("192.0.2.0/24")],
        });

        await MeetsAsync(peer, pod.Address, 9090, app);
        await MeetsAsync(pod, peer.Address, 7000, far);
        await MeetsAsync(pod, peer.Address6, 7001, far6);
        Assert.True(await outbound.StaysQuietAsync());
        Assert.True(await inbound.StaysQuietAsync());
    }

    [Fact]
    public async Task Marked_sockets_are_not_captured()
    {
        using Pod pod = network.NewPod();
        using Pod peer = network.NewPod();
        using TcpEndpoint far = peer.Listen(7000);
        using TcpEndpoint outbound = pod.Listen(15001, IPAddress.IPv6Any);
        await InstallAsync(pod);

        using Socket ours = pod.Netns.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        ours.Mark(s_marks.Proxy);
        await ours.ConnectAsync(new IPEndPoint(peer.Address, 7000), TestContext.Current.CancellationToken);
        using Socket served = await far.AcceptAsync();

        await SocketWords.ExchangeAsync(ours, served);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Application_sees_the_clients_address_and_its_replies_come_back(bool six)
    {
        using Pod pod = network.NewPod();
        using TcpEndpoint app = pod.Listen(8080, IPAddress.IPv6Any);
        await InstallAsync(pod);
        var client = IPAddress.Parse(six ? "fd00:244:9::1" : "10.250.3.4");

        using Socket ours = pod.Netns.CreateSocket(client.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        ours.Mark(s_marks.Proxy);
        ours.Transparent();
        ours.Bind(new IPEndPoint(client, 0));
        await ours.ConnectAsync(new IPEndPoint(six ? pod.Address6 : pod.Address, 8080), TestContext.Current.CancellationToken);
        using Socket served = await app.AcceptAsync();

        Assert.Equal(client, ((IPEndPoint)served.RemoteEndPoint!).Unmapped().Address);
        await SocketWords.ExchangeAsync(ours, served);
    }

    [Fact]
    public async Task Established_connections_survive_enrolment_in_both_directions()
    {
        using Pod pod = network.NewPod();
        using Pod peer = network.NewPod();
        using TcpEndpoint app = pod.Listen(8080);
        using TcpEndpoint far = peer.Listen(7000);
        using Socket inClient = await peer.ConnectAsync(pod.Address, 8080);
        using Socket inServer = await app.AcceptAsync();
        using Socket outClient = await pod.ConnectAsync(peer.Address, 7000);
        using Socket outServer = await far.AcceptAsync();
        using TcpEndpoint outbound = pod.Listen(15001, IPAddress.IPv6Any);
        using TcpEndpoint inbound = pod.Listen(15006, IPAddress.IPv6Any);

        await InstallAsync(pod);

        await SocketWords.ExchangeAsync(inClient, inServer);
        await SocketWords.ExchangeAsync(outServer, outClient);
        await SocketWords.ExchangeAsync(outClient, outServer);
        await SocketWords.ExchangeAsync(inServer, inClient);
    }

    [Fact]
    public async Task Captured_connections_survive_release_and_new_ones_pass()
    {
        using Pod pod = network.NewPod();
        using Pod peer = network.NewPod();
        using TcpEndpoint far = peer.Listen(7000);
        using TcpEndpoint outbound = pod.Listen(15001, IPAddress.IPv6Any);
        PodRedirect redirect = await InstallAsync(pod);
        using Socket captured = await pod.ConnectAsync(peer.Address, 7000);
        using Socket proxy = await outbound.AcceptAsync();

        await redirect.ReleaseAsync();

        await SocketWords.ExchangeAsync(captured, proxy);
        await MeetsAsync(pod, peer.Address, 7000, far);
        captured.Dispose();
        await redirect.RemoveAsync(s_marks);
        Assert.DoesNotContain("ambient", Shell.Run("nft", "list", "tables").Length == 0 ? "" : ListTables(pod));
        Assert.DoesNotContain("lookup 100", Shell.Ip($"-n {pod.Name} rule list"));
    }

    [Fact]
    public async Task Changed_rules_are_put_back_and_captured_connections_survive_that()
    {
        using Pod pod = network.NewPod();
        using Pod peer = network.NewPod();
        using TcpEndpoint outbound = pod.Listen(15001, IPAddress.IPv6Any);
        PodRedirect redirect = await InstallAsync(pod);
        using Socket captured = await pod.ConnectAsync(peer.Address, 7000);
        using Socket proxy = await outbound.AcceptAsync();
        Assert.False(await redirect.RestoreAsync());

        Shell.Run("nsenter", $"--net={pod.Path}", "nft", "flush chain inet ambient nat-output");
        Assert.True(await redirect.RestoreAsync());

        await SocketWords.ExchangeAsync(captured, proxy);
        using Socket again = await pod.ConnectAsync(peer.Address, 7000);
        using Socket accepted = await outbound.AcceptAsync();
        Assert.False(await redirect.RestoreAsync());
        Shell.Run("nsenter", $"--net={pod.Path}", "nft", "delete table inet ambient");
        Assert.True(await redirect.RestoreAsync());
        Assert.False(await redirect.RestoreAsync());
    }

    [Fact]
    public async Task Dns_is_captured_over_udp_and_tcp_and_the_proxys_own_queries_leave()
    {
        using Pod pod = network.NewPod();
        using Pod server = network.NewPod();
        using TcpEndpoint capture = pod.Listen(15053, IPAddress.Loopback);
        using Socket proxy = Udp(pod, new IPEndPoint(IPAddress.Loopback, 15053));
        using Socket upstream = Udp(server, new IPEndPoint(server.Address, 53));
        await InstallAsync(pod);
        using Socket app = Udp(pod, new IPEndPoint(IPAddress.Any, 0));
        var dns = new IPEndPoint(server.Address, 53);

        await app.SendToAsync("question"u8.ToArray(), dns);
        (byte[] question, EndPoint asker) = await ReceiveAsync(proxy);
        using Socket own = Udp(pod, new IPEndPoint(IPAddress.Any, 0));
        own.Mark(s_marks.Proxy);
        await own.SendToAsync(question, dns);
        (byte[] forwarded, EndPoint from) = await ReceiveAsync(upstream);
        await upstream.SendToAsync("answer"u8.ToArray(), from);
        (byte[] answer, _) = await ReceiveAsync(own);
        await proxy.SendToAsync(answer, asker);
        (byte[] final, EndPoint answerer) = await ReceiveAsync(app);

        Assert.Equal("question"u8.ToArray(), forwarded);
        Assert.Equal("answer"u8.ToArray(), final);
        Assert.Equal(dns, answerer);
        using Socket tcp = await pod.ConnectAsync(dns);
        using Socket accepted = await capture.AcceptAsync();
    }

    private static string ListTables(Pod pod) => Shell.Run("nsenter", $"--net={pod.Path}", "nft", "list", "tables");

    private static async Task<PodRedirect> InstallAsync(Pod pod, Func<RedirectPlan, RedirectPlan>? with = null)
    {
        var redirect = new PodRedirect(pod.Netns);
        var plan = new RedirectPlan { Marks = s_marks };
        await redirect.InstallAsync(with?.Invoke(plan) ?? plan);
        return redirect;
    }

    private static async Task MeetsAsync(Pod client, IPAddress address, int port, TcpEndpoint listener)
    {
        using Socket socket = await client.ConnectAsync(address, port);
        using Socket served = await listener.AcceptAsync();
        await SocketWords.ExchangeAsync(socket, served);
    }

    private static Socket Udp(Pod pod, IPEndPoint at)
    {
        Socket socket = pod.Netns.CreateSocket(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(at);
        return socket;
    }

    private static async Task<(byte[] Bytes, EndPoint From)> ReceiveAsync(Socket socket)
    {
        byte[] buffer = new byte[512];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        SocketReceiveFromResult got = await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), limit.Token);
        return (buffer[..got.ReceivedBytes], got.RemoteEndPoint);
    }
}
