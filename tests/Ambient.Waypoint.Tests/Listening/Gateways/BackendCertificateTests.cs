using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Ambient.Core;
using Ambient.Core.Gateways;
using Ambient.Core.Mesh;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Waypoint.Tests.Lab;

namespace Ambient.Waypoint.Tests.Listening.Gateways;

/// <summary>A backend that demands a client certificate, asked by HTTP and as bytes: with the right one it answers, without it hears nothing in the clear.</summary>
public sealed class BackendCertificateTests : IAsyncDisposable
{
    private const int Web = 8081;
    private const int Plain = 5433;

    private static readonly HttpClient s_http = new();

    private readonly TestMesh _mesh = new();
    private readonly TestIngress _ingress;
    private readonly TestCertificate _authority = TestCertificate.Authority();
    private readonly TestCertificate _other = TestCertificate.Authority("other.example");
    private MeshService _bank = null!;
    private int _heard;

    public BackendCertificateTests() => _ingress = new TestIngress(_mesh);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static UpstreamTls Mutual => new() { Mode = UpstreamTlsMode.Mutual, Credential = "client", ServerName = "bank.example" };

    public async ValueTask DisposeAsync()
    {
        _ingress.Dispose();
        await _mesh.DisposeAsync();
        _authority.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task Mutual_WithItsSecret_ShowsTheCertificate_ForRequestsAndForBytes()
    {
        await StartAsync(Mutual, Held("client", _authority.Issue("me"), _authority));

        Assert.Equal((HttpStatusCode.OK, "CN=me"), await GetAsync());
        Assert.Equal("CN=me", await SayAsync());
        await CountedAsync("istio_tcp_connections_opened_total", 1);
        await CountedAsync("istio_tcp_connections_closed_total", 1);
        await CountedAsync("istio_tcp_received_bytes_total", "GET / HTTP/1.1\r\n\r\n".Length);
        await CountedAsync("istio_tcp_sent_bytes_total", Answer("CN=me").Length);
    }

    [Fact]
    public async Task Mutual_SecretReplaced_NextConnectionShowsTheNewOne()
    {
        await StartAsync(Mutual, Held("client", _authority.Issue("me"), _authority));
        Assert.Equal("CN=me", await SayAsync());

        _mesh.Apply(new MeshUpdate { Resources = [Held("client", _authority.Issue("me-again"), _authority)] });

        while (await SayAsync() != "CN=me-again")
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
        }
    }

    [Fact]
    public async Task Mutual_WithoutSecret_IsRefused() => await RefusedAsync(Mutual, "is not known to this proxy");

    [Fact]
    public async Task Mutual_WithASecretThatIsBad_IsRefusedWithTheReason() =>
        await RefusedAsync(Mutual, "has no tls.key", Held("client", null, _authority) with { Problem = "Secret shop/client has no tls.key" });

    [Fact]
    public async Task Mutual_ServerOfAnotherAuthority_IsRefused() => await RefusedAsync(Mutual, null, Held("client", _authority.Issue("me"), _other));

    [Fact]
    public async Task Mutual_SecretOfAnotherGateway_IsNotUsed() => await RefusedAsync(
        Mutual, "is not known to this proxy", Held("client", _authority.Issue("me"), _authority) with { Gateway = new NamespacedName(TestMesh.Namespace, "somebody") });

    [Fact]
    public async Task Simple_WithAuthoritiesOfASecret_ShowsNothing_SoThatThisServerRefuses() =>
        await RefusedAsync(Mutual with { Mode = UpstreamTlsMode.Simple }, null, Held("client", _authority.Issue("me"), _authority));

    [Fact]
    public async Task Simple_AtAGatewayWithACertificateForBackends_ShowsIt()
    {
        UpstreamTls simple = new() { Mode = UpstreamTlsMode.Simple, ServerName = "bank.example", CaCertificates = _authority.ChainPem };
        await StartAsync(simple, Held("own", _authority.Issue("gateway"), null), Config("own"));

        Assert.Equal((HttpStatusCode.OK, "CN=gateway"), await GetAsync());
    }

    [Fact]
    public async Task Simple_AtAGatewayWhoseCertificateIsMissing_IsRefused()
    {
        UpstreamTls simple = new() { Mode = UpstreamTlsMode.Simple, ServerName = "bank.example", CaCertificates = _authority.ChainPem };

        await RefusedAsync(simple, "there is no Secret", Held("own", null, null) with { Problem = "there is no Secret shop/own" }, Config("own"));
    }

    [Fact]
    public async Task Policy_OfTheGatewaysNamespace_CountsForBytesToo()
    {
        await StartAsync(Mutual, Held("client", _authority.Issue("me"), _authority));
        _mesh.Apply(new MeshUpdate { Resources = [Policy(new UpstreamTls { Mode = UpstreamTlsMode.Simple, Invalid = "not from here" }) with { ClientNamespace = TestMesh.Namespace }] });

        while (!_mesh.Log.Contains("not from here", StringComparison.Ordinal))
        {
            await Record.ExceptionAsync(SayAsync);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
        }

        await Assert.ThrowsAnyAsync<IOException>(SayAsync);
        Assert.Contains("not from here", _mesh.Log, StringComparison.Ordinal);
    }

    private static GatewayConfig Config(string secret) => new()
    {
        Name = TestIngress.Key,
        Role = ProxyRole.Ingress,
        ServiceAccount = TestIngress.Key,
        BackendCertificate = GatewayCertificate.KeyOf(TestIngress.Key, new NamespacedName(TestMesh.Namespace, secret)),
        Listeners = [TestIngress.Listener("web", Web, ListenerProtocol.Http), TestIngress.Listener("db", Plain, ListenerProtocol.Tcp)],
    };

    private static GatewayCertificate Held(string secret, TestCertificate? pair, TestCertificate? authority) => new()
    {
        Gateway = TestIngress.Key,
        Secret = new NamespacedName(TestMesh.Namespace, secret),
        ServiceAccount = TestIngress.Key,
        Chain = pair?.ChainPem ?? "",
        PrivateKey = pair?.KeyPem ?? "",
        Authorities = authority?.ChainPem ?? "",
    };

    private BackendPolicy Policy(UpstreamTls tls) => new() { Service = _bank.Key, Default = new TrafficPolicy { Tls = tls } };

    private async Task RefusedAsync(UpstreamTls tls, string? reason, params ProxyResource[] resources)
    {
        await StartAsync(tls, resources);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync()).Status);
        await Assert.ThrowsAnyAsync<IOException>(SayAsync);
        Assert.Equal(0, Volatile.Read(ref _heard));
        if (reason is not null)
        {
            Assert.Contains(reason, _mesh.Log, StringComparison.Ordinal);
            await CountedAsync("istio_tcp_connections_failed_total", 1);
        }
    }

    private async Task<(HttpStatusCode Status, string Body)> GetAsync()
    {
        using HttpResponseMessage answer = await _ingress.Client().GetAsync(new Uri($"http://bank.example:{Web}/"), Ct);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Ct));
    }

    /// <summary>The same as bytes that the gateway does not read. Reads to the end, which the server makes.</summary>
    private async Task<string> SayAsync()
    {
        await using var stream = new NetworkStream(await _ingress.ConnectAsync(Plain), ownsSocket: true);
        await stream.SendAsync("GET / HTTP/1.1\r\n\r\n", Ct);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        string all = await reader.ReadToEndAsync(Ct);
        return all.Length == 0 ? throw new IOException("nothing was answered") : all[(all.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
    }

    private async Task CountedAsync(string metric, long value)
    {
        string wanted = $"{metric}{{reporter=\"source\"";
        for (int attempt = 0; ; attempt++)
        {
            string page = await s_http.GetStringAsync(new Uri($"http://{_ingress.Process.Address}:15020/metrics"), Ct);
            long counted = page.Split('\n').Where(l => l.StartsWith(wanted, StringComparison.Ordinal)).Sum(static l => long.Parse(l.AsSpan(l.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture));
            if (counted >= value)
            {
                return; // connections by which the start waited for the port count too
            }

            Assert.True(attempt < 250, $"{metric} is {counted}, less than {value}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
        }
    }

    private static string Answer(string subject) => $"HTTP/1.1 200 OK\r\ncontent-length: {subject.Length}\r\nconnection: close\r\n\r\n{subject}";

    private async Task StartAsync(UpstreamTls tls, params ProxyResource[] resources)
    {
        TestCertificate server = _authority.Issue("bank.example");
        _bank = _mesh.Service("bank", AppProtocol.Tcp, gateway: null);
        _mesh.Pod("bank-1", _bank).ServeTcp(async socket =>
        {
            await using var stream = new SslStream(new NetworkStream(socket));
            await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificate = server.Certificate,
                ClientCertificateRequired = true,
                EnabledSslProtocols = SslProtocols.Tls12, // so that a client without a certificate is refused in the handshake
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Issuer == _authority.Certificate.Subject,
            });
            byte[] head = new byte[4096];
            if (await stream.ReadAsync(head) > 0)
            {
                Interlocked.Increment(ref _heard);
                await stream.WriteAsync(Encoding.ASCII.GetBytes(Answer(stream.RemoteCertificate!.Subject)));
                await stream.ShutdownAsync();
            }
        });
        _ingress.Listen(TestIngress.Listener("web", Web, ListenerProtocol.Http), TestIngress.Listener("db", Plain, ListenerProtocol.Tcp));
        _ingress.Route(TestIngress.Http("web", Web, "*", _bank), TestIngress.Tcp("db", Plain, "*", _bank));
        _mesh.Apply(new MeshUpdate { Resources = [Policy(tls), .. resources] });
        await _ingress.StartAsync();
    }
}
