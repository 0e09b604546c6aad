using System.Net;
using System.Net.WebSockets;
using System.Text;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Testing;
using Ambient.Waypoint.Requests;
using Ambient.Waypoint.Tests.Requests.Rig;
using Microsoft.AspNetCore.Http;

namespace Ambient.Waypoint.Tests.Requests;

public sealed class UpgradeTests : IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private readonly RequestRig _rig;

    public UpgradeTests() => _rig = new RequestRig(_time);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData(false, AppProtocol.Unknown)]
    [InlineData(true, AppProtocol.Unknown)]
    [InlineData(false, AppProtocol.Http11)]
    [InlineData(true, AppProtocol.Http11)]
    public async Task WebSocket_PastTheRoutesTimeout_GoesOnBothWays(bool http2, AppProtocol protocol)
    {
        _rig.Serve(s => s with { Ports = [new ServicePort(80, 0, protocol)] });
        await _rig.EndpointAsync("a", EchoAsync);
        _rig.Route(RequestRig.ToService() with { Timeout = TimeSpan.FromMilliseconds(200), Matches = [new HttpMatch { Method = TextMatch.Exact("GET") }] });
        await _rig.StartAsync();
        using ClientWebSocket socket = await ConnectAsync(http2);

        _time.Advance(TimeSpan.FromSeconds(1));
        foreach (string word in (string[])["one", "two"])
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(word), WebSocketMessageType.Text, endOfMessage: true, Stop);
            byte[] buffer = new byte[10];
            ValueWebSocketReceiveResult got = await socket.ReceiveAsync(buffer.AsMemory(), Stop);
            Assert.Equal(word, Encoding.ASCII.GetString(buffer, 0, got.Count));
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", Stop);
        RequestRecord record = await _rig.LastAsync();
        Assert.Equal("GET", record.Method);
        Assert.Null(record.Reason);
        await Wait.UntilAsync(() => _rig.Cluster.Gate.Active == 0, "it is over");
    }

    [Fact]
    public async Task WebSocketOverHttp2_MethodGetIsDenied_IsDenied()
    {
        TestUpstream endpoint = await _rig.EndpointAsync("a", EchoAsync);
        _rig.Authorize(new RequestPolicy
        {
            Name = new Core.NamespacedName("shop", "no-get"),
            Action = RequestPolicyAction.Deny,
            Rules = [new RequestRule { To = [new RequestOperation { Methods = ["GET"] }] }],
            Targets = [new RequestPolicyTarget(RequestPolicyTargetKind.Mesh)],
        });
        await _rig.StartAsync();

        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(http2: true));
        Assert.Equal(0, endpoint.Requests);
        Assert.Equal(403, (await _rig.LastAsync()).Status);
    }

    private async Task<ClientWebSocket> ConnectAsync(bool http2)
    {
        ClientWebSocket socket = new();
        socket.Options.HttpVersion = http2 ? HttpVersion.Version20 : HttpVersion.Version11;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await socket.ConnectAsync(new Uri($"ws://{_rig.Address(http2)}/chat"), new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false }), Stop);
        return socket;
    }

    private static async Task EchoAsync(HttpContext http)
    {
        using WebSocket socket = await http.WebSockets.AcceptWebSocketAsync();
        byte[] buffer = new byte[100];
        while (await socket.ReceiveAsync(buffer.AsMemory(), Stop) is { MessageType: not WebSocketMessageType.Close } got)
        {
            await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, Stop);
        }

        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", Stop);
    }
}
