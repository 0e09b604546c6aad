using System.Net;
using System.Net.Sockets;
using Ambient.Ztunnel.Hosting;
using Ambient.Ztunnel.Tests.Netlab;

namespace Ambient.Ztunnel.Tests.DataPath;

public sealed class PolicyTests(PodNetwork network)
{
    [Fact]
    public async Task Permissive_serves_plaintext_with_the_clients_own_address()
    {
        await using var mesh = new TestMesh(network);
        ZtunnelNode node = await mesh.NodeAsync();
        Pod server = await mesh.PodAsync(node, "server");
        Pod outside = mesh.Pod();
        using TcpEndpoint app = server.Listen(8080);

        using Socket plain = await outside.ConnectAsync(server.Address, 8080);
        using Socket served = await app.AcceptAsync();
        await SocketWords.ExchangeAsync(plain, served);

        Assert.Equal(outside.Address, ((IPEndPoint)served.RemoteEndPoint!).Address);
    }

    [Fact]
    public async Task Denied_by_policy_the_client_gets_a_reset_and_both_logs_say_why()
    {
        await using var mesh = new TestMesh(network);
        mesh.Add(Policies.DenyPort(8080));
        ZtunnelNode node = await mesh.NodeAsync();
        Pod client = await mesh.PodAsync(node, "client");
        Pod server = await mesh.PodAsync(node, "server");
        using TcpEndpoint app = server.Listen(8080);

        await client.IsResetAsync(server.Address, 8080);

        Assert.True(await app.StaysQuietAsync());
        await mesh.LineAsync("direction=inbound", "connection failed", "policy=shop/deny-port", "rule=0", "src.identity=spiffe://cluster.local/ns/shop/sa/client");
        await mesh.LineAsync("direction=outbound", "401");
        string metrics = node.Parts.Context.Metrics.Render([]);
        Assert.Contains("ambient_policy_denials_total{policy=\"shop/deny-port\",policy_kind=\"none\",rule=\"0\",kind=\"deny\",destination_workload=\"server\"", metrics);
        Assert.Contains("response_flags=\"DENY\",connection_security_policy=\"mutual_tls\"} 1", metrics);
    }

    [Fact]
    public async Task Policy_applied_to_open_connections_closes_them()
    {
        await using var mesh = new TestMesh(network);
        ZtunnelNode node = await mesh.NodeAsync();
        Pod client = await mesh.PodAsync(node, "client");
        Pod server = await mesh.PodAsync(node, "server");
        Pod outside = mesh.Pod();
        using TcpEndpoint app = server.Listen(8080);
        using Socket meshed = await client.ConnectAsync(server.Address, 8080);
        await meshed.SayAsync("x");
        using Socket meshedServed = await app.AcceptAsync();
        await meshedServed.HearAsync("x");
        using Socket plain = await outside.ConnectAsync(server.Address, 8080);
        using Socket plainServed = await app.AcceptAsync();
        await SocketWords.ExchangeAsync(plain, plainServed);

        mesh.Add(Policies.DenyPort(8080));
        await mesh.PublishAsync();

        await meshed.HearResetAsync();
        await meshedServed.HearResetAsync();
        await plain.HearResetAsync();
        await mesh.LineAsync("direction=inbound", "connection closed due to policy change", "policy=shop/deny-port");
    }

    [Fact]
    public async Task Workload_that_becomes_strict_loses_its_plaintext_connections_only()
    {
        await using var mesh = new TestMesh(network);
        mesh.Add(Policies.Strict);
        ZtunnelNode node = await mesh.NodeAsync();
        Pod client = await mesh.PodAsync(node, "client");
        Pod server = await mesh.PodAsync(node, "server");
        Pod outside = mesh.Pod();
        using TcpEndpoint app = server.Listen(8080);
        using Socket plain = await outside.ConnectAsync(server.Address, 8080);
        using Socket plainServed = await app.AcceptAsync();
        await SocketWords.ExchangeAsync(plain, plainServed);
        using Socket meshed = await client.ConnectAsync(server.Address, 8080);
        await meshed.SayAsync("x");
        using Socket meshedServed = await app.AcceptAsync();
        await meshedServed.HearAsync("x");

        mesh.Add(Policies.WithStrict(TestMesh.WorkloadOf(server, "server")));
        await mesh.PublishAsync();

        await plain.HearResetAsync();
        await SocketWords.ExchangeAsync(meshed, meshedServed);
    }
}
