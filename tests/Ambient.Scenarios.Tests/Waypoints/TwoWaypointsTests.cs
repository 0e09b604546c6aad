using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Scenarios.Tests.Staging;
using Microsoft.AspNetCore.Http;
using static Ambient.Testing.GrpcFrames;

namespace Ambient.Scenarios.Tests.Waypoints;

/// <summary>Two waypoints: one behind the other, and one that takes a share from the other.</summary>
public sealed class TwoWaypointsTests(MeshFixture mesh) : Scenario(mesh)
{
    private const int Connections = 400;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task InARow_GrpcWebSocketEventsAndALargeBody_PassBoth()
    {
        string ns = await NamespaceAsync("row");
        await ApplyAsync($"{Gateway(ns, "first")}\n---\n{Gateway(ns, "second")}");
        MeshPod[] pods = await StartAsync(new PodPlan(ns, "client"), new PodPlan(ns, "app") { Node = "node-2" });
        await ApplyAsync($$"""
            apiVersion: v1
            kind: Service
            metadata: { name: front, namespace: {{ns}}, labels: { ambient.dev/use-waypoint: first } }
            spec: { selector: { app: nobody }, ports: [{ name: grpc, port: 80, targetPort: 8080 }, { name: http, port: 81, targetPort: 8081 }] }
            ---
            apiVersion: v1
            kind: Service
            metadata: { name: orders, namespace: {{ns}}, labels: { ambient.dev/use-waypoint: second } }
            spec: { selector: { app: app }, ports: [{ name: grpc, port: 80, targetPort: 8080 }, { name: http, port: 81, targetPort: 8081 }] }
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: { name: front, namespace: {{ns}} }
            spec:
              hosts: [front]
              http:
                - { match: [{ port: 80 }], route: [{ destination: { host: orders, port: { number: 80 } } }] }
                - { route: [{ destination: { host: orders, port: { number: 81 } } }] }
            """);
        await using IAsyncDisposable server = await PodServer.StartAsync(pods[1], ServeAsync);
        await ReadyAsync(ns, "first");
        await ReadyAsync(ns, "second");
        IPAddress front = await ServiceAddressAsync(ns, "front");
        await Until.Async(() => pods[0].CurlAsync($"http://{front}:81/", "-X", "PUT", "-d", "x"), r => r.Ok, "the two are there", Patience);
        using HttpMessageInvoker http2 = PodServer.Client(pods[0], front, 80);
        using HttpMessageInvoker http1 = PodServer.Client(pods[0], front, 81);

        await UnaryAsync(http2);
        await BothWaysAsync(http2);
        await WebSocketAsync(http1);
        await EventsAsync(http1);
        byte[] large = new byte[20_000_000];
        Random.Shared.NextBytes(large);
        using HttpResponseMessage echoed = await http1.SendAsync(new HttpRequestMessage(HttpMethod.Put, "http://front/") { Content = new ByteArrayContent(large) }, Stop);
        Assert.Equal(large, await echoed.Content.ReadAsByteArrayAsync(Stop));

        foreach (string gateway in (string[])["first", "second"])
        {
            await Until.TrueAsync(() => Lines(ns, gateway, "POST /unary") == 1 && Lines(ns, gateway, "GET /socket") == 1 && Lines(ns, gateway, "GET /events") == 1, $"the requests are in the log of {gateway}");
        }
    }

    [Fact]
    public async Task Canary_OfAQuarter_GetsAQuarterOfNewConnections_AndNoneWhileItIsNotReady()
    {
        string ns = await NamespaceAsync("canary");
        await ApplyAsync($"{Gateway(ns, "first")}\n---\n{Gateway(ns, "second")}");
        MeshPod[] pods = await StartAsync(new PodPlan(ns, "client"), new PodPlan(ns, "orders") { Node = "node-2", IsEcho = true, HasService = true });
        await PolicyAsync(ns, "reads", "ALLOW", "orders", "[{ to: [{ operation: { methods: [GET] } }] }]");
        await ReadyAsync(ns, "first");
        await ReadyAsync(ns, "second");
        await OrdersAsync(ns, new JsonObject { ["ambient.dev/use-waypoint"] = "first", ["ambient.dev/use-waypoint-canary"] = "second" }, "25");
        await Until.Async(() => pods[0].CurlAsync("http://orders/warm"), r => r.Ok, "the first serves", Patience);
        await Until.TrueAsync(async () => (await pods[0].CurlAsync("http://orders/warm")).Ok && Lines(ns, "second", "GET /warm") > 0, "the second serves", Patience);

        Assert.Equal($"{Connections} 200", await CountedAsync(pods[0], "counted"));
        await Until.TrueAsync(() => Lines(ns, "first", "GET /counted") + Lines(ns, "second", "GET /counted") == Connections, "every request is in a log");
        Assert.InRange(Lines(ns, "second", "GET /counted"), Connections * 15 / 100, Connections * 35 / 100);

        // The policy holds at both, and what goes around them is not let in.
        Assert.Equal("60 403", await CountedAsync(pods[0], "posted", 60, "-X POST"));
        await Until.TrueAsync(() => Lines(ns, "second", "POST /posted") > 0 && Lines(ns, "first", "POST /posted") > 0, "both refused");
        Assert.NotEqual(200, (await pods[0].CurlAsync(pods[1])).Status);

        await OrdersAsync(ns, [], "100");
        await Until.TrueAsync(async () => Lines(ns, "first", "GET /all") is var before && await CountedAsync(pods[0], "all", 20) == "20 200" && Lines(ns, "first", "GET /all") == before, "all goes to the second");
        await Lab.Admin.Resource(new GroupKind("apps", "Deployment")).PatchAsync(ns, "second", Patch.Merge((JsonObject)JsonNode.Parse("""{"spec":{"replicas":0}}""")!), Stop);
        await Until.TrueAsync(async () => (await PodsAsync(ns, "second")).Count == 0, "the second is gone", Patience);
        await Until.Async(() => pods[0].CurlAsync("http://orders/after"), r => r.Ok, "the first serves what the second had");
        Assert.Equal("60 200", await CountedAsync(pods[0], "after", 60));
    }

    private static async Task UnaryAsync(HttpMessageInvoker client)
    {
        using HttpResponseMessage answer = await client.SendAsync(Call("http://front/unary", new ByteArrayContent(Framed("order 7"u8))), Stop);
        Stream body = await answer.Content.ReadAsStreamAsync(Stop);
        Assert.Equal("order 7", Encoding.UTF8.GetString(await MessageAsync(body)));
        Assert.Empty(await MessageAsync(body));
        Assert.Equal("0", Assert.Single(answer.TrailingHeaders.GetValues("grpc-status")));
    }

    private static async Task BothWaysAsync(HttpMessageInvoker client)
    {
        var pipe = new Pipe();
        using HttpResponseMessage answer = await client.SendAsync(Call("http://front/both", Piecewise(pipe.Reader)), Stop);
        Stream body = await answer.Content.ReadAsStreamAsync(Stop);
        for (int i = 0; i < 50; i++)
        {
            await pipe.Writer.WriteAsync(Framed(Encoding.UTF8.GetBytes($"message {i}")), Stop);
            Assert.Equal($"message {i}", Encoding.UTF8.GetString(await MessageAsync(body)));
        }

        await pipe.Writer.CompleteAsync();
        Assert.Empty(await MessageAsync(body));
        Assert.Equal("0", Assert.Single(answer.TrailingHeaders.GetValues("grpc-status")));
    }

    private static async Task WebSocketAsync(HttpMessageInvoker client)
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri("ws://front/socket"), client, Stop);
        byte[] got = new byte[100];
        for (int i = 0; i < 50; i++)
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes($"word {i}"), WebSocketMessageType.Text, true, Stop);
            ValueWebSocketReceiveResult received = await socket.ReceiveAsync(got.AsMemory(), Stop);
            Assert.Equal($"word {i}", Encoding.UTF8.GetString(got, 0, received.Count));
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", Stop);
        Assert.Equal("bye", socket.CloseStatusDescription);
    }

    private static async Task EventsAsync(HttpMessageInvoker client)
    {
        using HttpResponseMessage answer = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://front/events"), Stop);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(Stop));
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal($"data: {i}", await lines.ReadLineAsync(Stop));
            Assert.Equal("", await lines.ReadLineAsync(Stop));
            s_next.Release();
        }

        Assert.Null(await lines.ReadLineAsync(Stop));
    }

    private static readonly SemaphoreSlim s_next = new(0);

    private static async Task ServeAsync(HttpContext http)
    {
        if (http.WebSockets.IsWebSocketRequest)
        {
            using WebSocket accepted = await http.WebSockets.AcceptWebSocketAsync();
            byte[] buffer = new byte[100];
            WebSocketReceiveResult got;
            while ((got = await accepted.ReceiveAsync(buffer, CancellationToken.None)).MessageType != WebSocketMessageType.Close)
            {
                await accepted.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, CancellationToken.None);
            }

            await accepted.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", CancellationToken.None);
        }
        else if (http.Request.Path == "/events")
        {
            for (int i = 0; i < 3; i++)
            {
                await http.Response.WriteAsync($"data: {i}\n\n");
                await http.Response.Body.FlushAsync();
                await s_next.WaitAsync();
            }
        }
        else if (HttpMethods.IsPut(http.Request.Method))
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            await http.Response.Body.WriteAsync(body.ToArray());
        }
        else
        {
            http.Response.ContentType = "application/grpc";
            http.Response.DeclareTrailer("grpc-status");
            await http.Response.Body.FlushAsync();
            byte[] message;
            while ((message = await MessageAsync(http.Request.Body)).Length > 0)
            {
                await http.Response.Body.WriteAsync(Framed(message));
                await http.Response.Body.FlushAsync();
            }

            http.Response.AppendTrailer("grpc-status", "0");
        }
    }

    /// <summary>Requests on connections of their own, by status: <c>COUNT STATUS</c>.</summary>
    private static async Task<string> CountedAsync(MeshPod client, string path, int connections = Connections, string more = "")
    {
        ExecResult result = await client.ExecAsync(
            "bash", "-c", $$"""for i in $(seq {{connections}}); do curl -s -m 10 {{more}} -o /dev/null -w '%{http_code}\n' http://orders/{{path}}; done | sort | uniq -c""");
        return string.Join("; ", result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    private Task<JsonObject> OrdersAsync(string ns, JsonObject labels, string weight) => Lab.Admin.Resource(new GroupKind("", "Service")).PatchAsync(ns, "orders", Patch.Merge(new JsonObject
    {
        ["metadata"] = new JsonObject { ["labels"] = labels, ["annotations"] = new JsonObject { ["ambient.dev/use-waypoint-canary-weight"] = weight } },
    }), Stop);

    private Task<IReadOnlyList<string>> ReadyAsync(string ns, string gateway) => Lab.WaitReadyAsync(ns, $"gateway.networking.k8s.io/gateway-name={gateway}", 1, Patience, Stop);

    private int Lines(string ns, string gateway, string request) => PodsAsync(ns, gateway).GetAwaiter().GetResult().Sum(p => Lab.Log(ns, p).Split(request + " ").Length - 1);

    private async Task<IReadOnlyList<string>> PodsAsync(string ns, string gateway) => [.. (await Lab.Admin.Resource(new GroupKind("", "Pod")).ListAsync(
        ns, new ListOptions { LabelSelector = $"gateway.networking.k8s.io/gateway-name={gateway}" }, Stop)).Items.Select(p => (string)p["metadata"]!["name"]!)];

    private static string Gateway(string ns, string name) => $$"""
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: { name: {{name}}, namespace: {{ns}} }
        spec: { gatewayClassName: ambient-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
        """;
}
