using System.Net;
using System.Net.Sockets;
using System.Text;
using Ambient.Core.Gateways;
using Ambient.Core.Services;
using Ambient.Waypoint.Tests.Lab;
using Microsoft.AspNetCore.Http;

namespace Ambient.Waypoint.Tests.Listening.Gateways;

public sealed class HttpListenerTests : IAsyncDisposable
{
    private readonly TestMesh _mesh = new();
    private readonly TestIngress _ingress;

    public HttpListenerTests() => _ingress = new TestIngress(_mesh);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _ingress.Dispose();
        await _mesh.DisposeAsync();
    }

    [Fact]
    public async Task Request_ForARoutedHost_ReachesThePodAsTheGatewayItself()
    {
        TestPod pod = await StartAsync();

        string answer = await _ingress.Client().GetStringAsync("http://shop.example:8080/list?a=1", Ct);

        Assert.Equal("/list?a=1 shop.example:8080 http 127.0.0.1", answer);
        Assert.Null(Assert.Single(pod.Connects).Header("ambient-caller"));
    }

    [Theory]
    [InlineData("http://elsewhere.example:8080/", HttpStatusCode.NotFound)]
    [InlineData("http://shop.example:8081/", HttpStatusCode.MovedPermanently)]
    public async Task Request_ForAnotherHostOrARedirectingPort_IsAnsweredByTheGateway(string url, HttpStatusCode status)
    {
        await StartAsync();

        using HttpResponseMessage answer = await _ingress.Client().GetAsync(url, Ct);

        Assert.Equal(status, answer.StatusCode);
        if (status == HttpStatusCode.MovedPermanently)
        {
            Assert.Equal("https://shop.example/", answer.Headers.Location?.ToString());
        }
    }

    /// <summary>HTTP/3 is not served, so nobody is told of it: neither by the gateway nor by what stands behind it.</summary>
    [Fact]
    public async Task Answer_OfAPodThatOffersHttp3_LosesThatOffer()
    {
        await StartAsync();

        using HttpResponseMessage answer = await _ingress.Client().GetAsync("http://shop.example:8080/", Ct);

        Assert.Equal("yes", Assert.Single(answer.Headers.GetValues("x-pod")));
        Assert.False(answer.Headers.Contains("alt-svc"));
    }

    [Fact]
    public async Task Http2_ByPriorKnowledge_IsServedOnTheSamePort()
    {
        await StartAsync();

        string answer = await _ingress.Client(version: HttpVersion.Version20).GetStringAsync("http://shop.example:8080/h2", Ct);

        Assert.StartsWith("/h2 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ports_OfAChangedConfiguration_OpenAndClose()
    {
        await StartAsync();
        _ingress.Listen(TestIngress.Listener("other", 8082, ListenerProtocol.Http));

        (await _ingress.ConnectAsync(8082)).Dispose();
        for (int attempt = 0; attempt < 200 && await IsOpenAsync(8080); attempt++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
        }

        Assert.False(await IsOpenAsync(8080));
    }

    [Fact]
    public async Task Connection_OfAListenerThatIsInvalid_IsRefused()
    {
        await StartAsync();

        using Socket socket = await _ingress.ConnectAsync(8083);
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nhost: shop.example\r\n\r\n"), Ct);
            if (await socket.ReceiveAsync(new byte[1], Ct) == 0)
            {
                throw new IOException("closed");
            }
        });
    }

    [Theory]
    [InlineData("PROXY TCP4 203.0.113.7 192.0.2.1 4711 80\r\n", "203.0.113.7")]
    [InlineData("PROXY UNKNOWN\r\n", "127.0.0.1")]
    public async Task Connection_WithAProxyHeader_IsThatClients(string header, string client)
    {
        await StartAsync();

        Assert.Contains($"http {client}", await RawAsync(8084, header + "GET / HTTP/1.1\r\nhost: shop.example\r\nconnection: close\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_WithoutTheProxyHeaderThatIsAskedFor_IsRefused()
    {
        await StartAsync();

        await Assert.ThrowsAnyAsync<SocketException>(() => RawAsync(8084, "GET / HTTP/1.1\r\nhost: shop.example\r\nconnection: close\r\n\r\n"));
    }

    private async Task<bool> IsOpenAsync(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(_ingress.Process.Address, port), Ct);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task<string> RawAsync(int port, string bytes)
    {
        using Socket socket = await _ingress.ConnectAsync(port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(bytes), Ct);
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer, Ct) is > 0 and var read)
        {
            answer.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        return answer.ToString();
    }

    private async Task<TestPod> StartAsync()
    {
        MeshService shop = _mesh.Service("shop", gateway: null);
        TestPod pod = await _mesh.Pod("shop-1", shop).ServeAsync(static http =>
        {
            http.Response.Headers.AltSvc = "h3=\":443\"; ma=86400";
            http.Response.Headers["x-pod"] = "yes";
            return http.Response.WriteAsync(
                $"{http.Request.Path}{http.Request.QueryString} {http.Request.Host} {http.Request.Headers["x-forwarded-proto"]} {http.Request.Headers["x-forwarded-for"]}");
        });
        _ingress.Listen(
            TestIngress.Listener("http", 8080, ListenerProtocol.Http),
            TestIngress.Listener("redirect", 8081, ListenerProtocol.Http) with { HttpsRedirect = true },
            TestIngress.Listener("bad", 8083, ListenerProtocol.Http) with { Invalid = "for a test" },
            TestIngress.Listener("balanced", 8084, ListenerProtocol.Http) with { ProxyProtocol = true });
        _ingress.Route(
            TestIngress.Http("http", 8080, "shop.example", shop), TestIngress.Http("redirect", 8081, "shop.example", shop), TestIngress.Http("balanced", 8084, "shop.example", shop));
        await _ingress.StartAsync();
        return pod;
    }
}
