using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Ambient.Core.Gateways;
using Ambient.Core.Services;
using Ambient.Waypoint.Tests.Lab;
using Microsoft.AspNetCore.Http;

namespace Ambient.Waypoint.Tests.Listening.Gateways;

public sealed class TlsListenerTests : IAsyncDisposable
{
    private readonly TestMesh _mesh = new();
    private readonly TestIngress _ingress;
    private readonly TestCertificate _authority = TestCertificate.Authority();

    public TlsListenerTests() => _ingress = new TestIngress(_mesh);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _ingress.Dispose();
        await _mesh.DisposeAsync();
        _authority.Dispose();
    }

    [Theory]
    [InlineData("a.example", "CN=a.example")]
    [InlineData("b.example", "CN=b.example")]
    public async Task Handshake_ForAServerName_ShowsItsCertificate(string name, string subject)
    {
        await StartAsync();

        await using SslStream tls = await _ingress.TlsAsync(8443, name);

        Assert.Equal(subject, tls.RemoteCertificate?.Subject);
    }

    [Fact]
    public async Task Handshake_ForAServerNameOfNoListener_IsRefused()
    {
        await StartAsync();

        await Assert.ThrowsAnyAsync<IOException>(() => _ingress.TlsAsync(8443, "c.example"));
    }

    [Theory]
    [InlineData("h2")]
    [InlineData("http/1.1")]
    public async Task Handshake_OfAnHttpsListener_AgreesOnHttp(string protocol)
    {
        await StartAsync();

        await using SslStream tls = await _ingress.TlsAsync(8443, "a.example", protocols: [new SslApplicationProtocol(protocol)]);

        Assert.Equal(protocol, tls.NegotiatedApplicationProtocol.ToString());
    }

    [Fact]
    public async Task Handshake_BelowTheLeastVersion_IsRefused()
    {
        await StartAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => _ingress.TlsAsync(8443, "b.example", versions: SslProtocols.Tls12));
        await using SslStream newer = await _ingress.TlsAsync(8443, "b.example", versions: SslProtocols.Tls13);
        Assert.Equal(SslProtocols.Tls13, newer.SslProtocol);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Request_OverTls_ReachesThePodInTheClear(string version)
    {
        await StartAsync();

        string answer = await _ingress.Client(version: Version.Parse(version)).GetStringAsync("https://a.example:8443/x", Ct);

        Assert.Equal("/x https ", answer);
    }

    [Fact]
    public async Task Request_ForAHostOfAnotherListener_IsMisdirected()
    {
        await StartAsync();

        await using SslStream tls = await _ingress.TlsAsync(8443, "a.example");
        await tls.WriteAsync("GET / HTTP/1.1\r\nhost: b.example\r\n\r\n"u8.ToArray(), Ct);

        Assert.Equal("HTTP/1.1 421", await ReadAsync(tls, 12));
    }

    [Fact]
    public async Task Certificate_Replaced_IsShownFromTheNextHandshakeOn_AndNoRequestFails()
    {
        await StartAsync();
        using HttpClient standing = _ingress.Client();
        await standing.GetStringAsync("https://a.example:8443/before", Ct);
        string before = await SerialAsync();
        using var stop = new CancellationTokenSource();
        Task<int> load = RequestsAsync(stop.Token);

        using TestCertificate next = _authority.Issue("a.example");
        _ingress.Certificate("a", next);
        for (int i = 0; i < 200 && await SerialAsync() == before; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Ct);
        }

        Assert.Equal(next.Certificate.SerialNumber, await SerialAsync());
        Assert.StartsWith("/after", await standing.GetStringAsync("https://a.example:8443/after", Ct), StringComparison.Ordinal);
        await stop.CancelAsync();
        Assert.True(await load > 0);
    }

    [Fact]
    public async Task Client_WhoMustShowACertificate_IsLetInWithAValidOneAlone()
    {
        await StartAsync();
        using TestCertificate client = _authority.Issue("client.example");
        using TestCertificate other = TestCertificate.Authority("other.example");
        using TestCertificate stranger = other.Issue("client.example");

        await Assert.ThrowsAsync<HttpRequestException>(() => _ingress.Client().GetStringAsync("https://a.example:9443/", Ct));
        await Assert.ThrowsAsync<HttpRequestException>(() => _ingress.Client(stranger).GetStringAsync("https://a.example:9443/", Ct));
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://a.example:9443/m") { Headers = { { "x-forwarded-client-cert", "Subject=\"forged\"" } } };
        using HttpResponseMessage answer = await _ingress.Client(client).SendAsync(request, Ct);

        string hash = client.Certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256).ToLowerInvariant();
        Assert.Equal($"/m https Hash={hash};Subject=\"CN=client.example\";DNS=client.example", await answer.Content.ReadAsStringAsync(Ct));
    }

    [Fact]
    public async Task Client_WhoMayShowACertificate_IsLetInWithoutAndToldApart()
    {
        await StartAsync();
        using TestCertificate client = _authority.Issue("client.example");
        using TestCertificate other = TestCertificate.Authority("other.example");
        using TestCertificate stranger = other.Issue("client.example");

        Assert.Equal("/ https ", await _ingress.Client().GetStringAsync("https://a.example:9444/", Ct));
        Assert.Equal("/ https ", await _ingress.Client(stranger).GetStringAsync("https://a.example:9444/", Ct));
        Assert.Contains("CN=client.example", await _ingress.Client(client).GetStringAsync("https://a.example:9444/", Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tls_OfATerminatingListener_IsEndedAndItsBytesPassedOn()
    {
        await StartAsync();

        await using SslStream tls = await _ingress.TlsAsync(9445, "a.example");
        await tls.WriteAsync("ping"u8.ToArray(), Ct);

        Assert.Equal("ping", await ReadAsync(tls, 4));
    }

    [Fact]
    public async Task Bytes_OfATcpListener_ArePassedOn()
    {
        await StartAsync();

        await using var stream = new NetworkStream(await _ingress.ConnectAsync(5432), ownsSocket: true);
        await stream.WriteAsync("hello"u8.ToArray(), Ct);

        Assert.Equal("hello", await ReadAsync(stream, 5));
    }

    [Fact]
    public async Task Tls_OfAPassingListener_IsThePodsOwn()
    {
        await StartAsync();

        await using SslStream tls = await _ingress.TlsAsync(8443, "x.pass.example");
        Assert.Equal("CN=pod.example", tls.RemoteCertificate?.Subject);
        await tls.WriteAsync("ping"u8.ToArray(), Ct);
        Assert.Equal("ping", await ReadAsync(tls, 4));

        await Assert.ThrowsAnyAsync<Exception>(() => _ingress.TlsAsync(8443, "y.pass.example"));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nhost: a.example\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0040\u0000")]
    public async Task Bytes_ThatAreNoTls_EndTheConnection(string bytes)
    {
        await StartAsync();
        using Socket socket = await _ingress.ConnectAsync(8443);
        await socket.SendAsync(Encoding.Latin1.GetBytes(bytes), Ct);
        socket.Shutdown(SocketShutdown.Send);

        await Assert.ThrowsAsync<SocketException>(async () => await socket.ReceiveAsync(new byte[1], Ct));
    }

    private async Task<int> RequestsAsync(CancellationToken stop)
    {
        int count = 0;
        while (!stop.IsCancellationRequested)
        {
            using HttpClient client = _ingress.Client();
            await client.GetStringAsync("https://a.example:8443/", Ct);
            count++;
        }

        return count;
    }

    private async Task<string> SerialAsync()
    {
        await using SslStream tls = await _ingress.TlsAsync(8443, "a.example");
        return tls.RemoteCertificate!.GetSerialNumberString();
    }

    private static async Task<string> ReadAsync(Stream stream, int count)
    {
        var buffer = new byte[count];
        await stream.ReadExactlyAsync(buffer, Ct);
        return Encoding.ASCII.GetString(buffer);
    }

    private async Task StartAsync()
    {
        MeshService web = _mesh.Service("web", gateway: null);
        await _mesh.Pod("web-1", web).ServeAsync(static http => http.Response.WriteAsync(
            $"{http.Request.Path} {http.Request.Headers["x-forwarded-proto"]} {http.Request.Headers["x-forwarded-client-cert"]}"));
        MeshService echo = _mesh.Service("echo", AppProtocol.Tcp, gateway: null);
        _mesh.Pod("echo-1", echo).ServeTcp(static socket => EchoAsync(new NetworkStream(socket)));
        MeshService secure = _mesh.Service("secure", AppProtocol.Tls, gateway: null);
        TestCertificate own = _authority.Issue("pod.example");
        _mesh.Pod("secure-1", secure).ServeTcp(async socket =>
        {
            await using var tls = new SslStream(new NetworkStream(socket));
            await tls.AuthenticateAsServerAsync(own.Certificate);
            await EchoAsync(tls);
        });
        _ingress.Certificate("a", _authority.Issue("a.example"));
        _ingress.Certificate("b", _authority.Issue("b.example"));
        ListenerTls mutual = TestIngress.Tls("a") with { ClientVerification = ClientVerification.Required, ClientCa = _authority.ChainPem, ClientSubjectAltNames = ["client.example"] };
        _ingress.Listen(
            TestIngress.Listener("a", 8443, ListenerProtocol.Https, "a.example", TestIngress.Tls("a")),
            TestIngress.Listener("b", 8443, ListenerProtocol.Https, "b.example", TestIngress.Tls("missing", "b") with { MinVersion = ListenerTlsVersion.Tls13 }),
            TestIngress.Listener("pass", 8443, ListenerProtocol.TlsPassthrough, "*.pass.example"),
            TestIngress.Listener("mutual", 9443, ListenerProtocol.Https, tls: mutual),
            TestIngress.Listener("lenient", 9444, ListenerProtocol.Https, tls: mutual with { ClientVerification = ClientVerification.Optional }),
            TestIngress.Listener("ended", 9445, ListenerProtocol.TlsTerminate, tls: TestIngress.Tls("a")),
            TestIngress.Listener("db", 5432, ListenerProtocol.Tcp));
        _ingress.Route(
            TestIngress.Http("a", 8443, "a.example", web), TestIngress.Http("b", 8443, "b.example", web), TestIngress.Http("mutual", 9443, "a.example", web),
            TestIngress.Http("lenient", 9444, "a.example", web), TestIngress.Tcp("ended", 9445, "*", echo), TestIngress.Tcp("db", 5432, "*", echo),
            TestIngress.Passed("pass", 8443, "x.pass.example", secure));
        await _ingress.StartAsync();
    }

    private static async Task EchoAsync(Stream stream)
    {
        var buffer = new byte[1024];
        while (await stream.ReadAsync(buffer) is > 0 and var read)
        {
            await stream.WriteAsync(buffer.AsMemory(0, read));
        }
    }
}
