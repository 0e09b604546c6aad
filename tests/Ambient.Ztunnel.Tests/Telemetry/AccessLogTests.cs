using System.Net.Sockets;
using System.Text.Json.Nodes;
using Ambient.Ztunnel.Hosting;
using Ambient.Ztunnel.Tests.DataPath;
using Ambient.Ztunnel.Tests.Netlab;

namespace Ambient.Ztunnel.Tests.Telemetry;

public sealed class AccessLogTests(PodNetwork network)
{
    [Fact]
    public async Task Json_line_has_the_fields_of_the_reference()
    {
        await using var mesh = new TestMesh(network);
        mesh.Add(TestMesh.ServiceOf("web", "10.96.60.1", 80));
        ZtunnelNode node = await mesh.NodeAsync(c => c with { JsonLog = true });
        Pod client = await mesh.PodAsync(node, "client");
        Pod server = await mesh.PodAsync(node, "server", w => w with { Services = w.Services.Add("shop/web.shop.svc.cluster.local", [new Core.Services.ServicePort(80, 8080)]) });
        using TcpEndpoint app = server.Listen(8080);
        using (Socket from = await client.ConnectAsync(System.Net.IPAddress.Parse("10.96.60.1"), 80))
        {
            await from.SayAsync("request");
            using Socket to = await app.AcceptAsync();
            await to.HearAsync("request");
            await to.SayAsync("reply");
            await from.HearAsync("reply");
        }

        JsonNode outbound = JsonNode.Parse(await mesh.LineAsync("\"direction\":\"outbound\""))!;
        Assert.Equal("connection complete", (string?)outbound["message"]);
        Assert.Equal("info", (string?)outbound["level"]);
        Assert.Equal("access", (string?)outbound["scope"]);
        Assert.StartsWith($"{client.Address}:", (string?)outbound["src.addr"]);
        Assert.Equal(client.Name, (string?)outbound["src.workload"]);
        Assert.Equal("shop", (string?)outbound["src.namespace"]);
        Assert.Equal("spiffe://cluster.local/ns/shop/sa/client", (string?)outbound["src.identity"]);
        Assert.Equal("Kubernetes", (string?)outbound["src.cluster"]);
        Assert.Equal($"{server.Address}:15008", (string?)outbound["dst.hbone_addr"]);
        Assert.Equal("web.shop.svc.cluster.local", (string?)outbound["dst.service"]);
        Assert.Equal("spiffe://cluster.local/ns/shop/sa/server", (string?)outbound["dst.identity"]);
        Assert.Equal(7, (long?)outbound["bytes_sent"]);
        Assert.Equal(5, (long?)outbound["bytes_recv"]);
        Assert.EndsWith("ms", (string?)outbound["duration"]);
        Assert.Null(outbound["error"]);
    }

    [Fact]
    public async Task Json_line_of_a_denial_says_which_rule_and_is_a_warning()
    {
        await using var mesh = new TestMesh(network);
        mesh.Add(Policies.DenyPort(8080));
        ZtunnelNode node = await mesh.NodeAsync(c => c with { JsonLog = true });
        Pod server = await mesh.PodAsync(node, "server"), outside = mesh.Pod();

        await outside.IsResetAsync(server.Address, 8080);

        JsonNode line = JsonNode.Parse(await mesh.LineAsync("\"direction\":\"inbound\""))!;
        Assert.Equal("connection failed", (string?)line["message"]);
        Assert.Equal("warn", (string?)line["level"]);
        Assert.Equal("shop/deny-port", (string?)line["policy"]);
        Assert.Equal("0", (string?)line["rule"]);
        Assert.Equal("denied", (string?)line["reason"]);
        Assert.NotNull(line["error"]);
    }
}
