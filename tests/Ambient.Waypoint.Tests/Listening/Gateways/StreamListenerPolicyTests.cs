using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Ambient.Core;
using Ambient.Core.Gateways;
using Ambient.Core.Mesh;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Waypoint.Tests.Lab;

namespace Ambient.Waypoint.Tests.Listening.Gateways;

/// <summary>Whom listeners without HTTP let in, and what they never send in the clear.</summary>
public sealed class StreamListenerPolicyTests : IAsyncDisposable
{
    private const int Plain = 5432;
    private const int Ended = 9445;
    private const int Passed = 8443;

    private readonly TestMesh _mesh = new();
    private readonly TestIngress _ingress;
    private readonly TestCertificate _authority = TestCertificate.Authority();
    private int _heard;

    public StreamListenerPolicyTests() => _ingress = new TestIngress(_mesh);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _ingress.Dispose();
        await _mesh.DisposeAsync();
        _authority.Dispose();
    }

    [Theory]
    [InlineData(Plain, "127.0.0.0/8", true)]
    [InlineData(Ended, "127.0.0.0/8", true)]
    [InlineData(Plain, "192.0.2.0/24", false)]
    [InlineData(Ended, "192.0.2.0/24", false)]
    public async Task Denied_ByAddress_IsRefused(int port, string block, bool denied)
    {
        await StartAsync(Deny(new RequestRule { From = [new RequestSource { IpBlocks = [block] }] }));

        await AssertAsync(denied, () => EchoedAsync(port, "a.example"), "shop/deny");
    }

    [Theory]
    [InlineData(Ended, "a.example", true)]
    [InlineData(Ended, "b.example", false)]
    [InlineData(Passed, "a.example", true)]
    [InlineData(Passed, "b.example", false)]
    public async Task Denied_ByServerName_IsRefused(int port, string name, bool denied)
    {
        await StartAsync(Deny(new RequestRule { When = [new RequestCondition { Key = "connection.sni", Values = ["a.example"] }] }));

        await AssertAsync(denied, () => EchoedAsync(port, name), "shop/deny");
    }

    [Theory]
    [InlineData(UpstreamTlsMode.Mutual, null, "names none")]
    [InlineData(UpstreamTlsMode.Simple, "its roots are missing", "its roots are missing")]
    [InlineData(UpstreamTlsMode.Disable, "its roots are missing", "its roots are missing")]
    public async Task Backend_WithTlsThatCannotBegin_IsNeverSentBytesInTheClear(UpstreamTlsMode mode, string? invalid, string reason)
    {
        await StartAsync(new BackendPolicy { Service = $"{TestMesh.Namespace}/echo.{TestMesh.Namespace}.svc.cluster.local", Default = new TrafficPolicy { Tls = new UpstreamTls { Mode = mode, Invalid = invalid } } });

        await AssertAsync(true, () => EchoedAsync(Plain, ""), reason);
    }

    private static RequestPolicy Deny(RequestRule rule) => new()
    {
        Name = new NamespacedName(TestMesh.Namespace, "deny"),
        Action = RequestPolicyAction.Deny,
        Targets = [new RequestPolicyTarget(RequestPolicyTargetKind.Gateway, TestIngress.Key.ToString())],
        Rules = [rule],
    };

    private async Task AssertAsync(bool refused, Func<Task<string>> echoed, string reason)
    {
        if (!refused)
        {
            Assert.Equal("hello", await echoed());
            return;
        }

        await Assert.ThrowsAnyAsync<IOException>(echoed);
        Assert.Equal(0, Volatile.Read(ref _heard));
        Assert.Contains(reason, _mesh.Log, StringComparison.Ordinal);
    }

    private async Task<string> EchoedAsync(int port, string name)
    {
        await using Stream stream = port == Plain ? new NetworkStream(await _ingress.ConnectAsync(port), ownsSocket: true) : await _ingress.TlsAsync(port, name);
        await stream.SendAsync("hello", Ct);
        byte[] heard = new byte[5];
        await stream.ReadExactlyAsync(heard, Ct);
        return Encoding.ASCII.GetString(heard);
    }

    private async Task StartAsync(params ProxyResource[] resources)
    {
        TestCertificate certificate = _authority.Issue("a.example");
        MeshService echo = _mesh.Service("echo", AppProtocol.Tcp, gateway: null);
        _mesh.Pod("echo-1", echo).ServeTcp(socket => EchoAsync(new NetworkStream(socket)));
        MeshService secure = _mesh.Service("secure", AppProtocol.Tls, gateway: null);
        _mesh.Pod("secure-1", secure).ServeTcp(async socket =>
        {
            await using var tls = new SslStream(new NetworkStream(socket));
            await tls.AuthenticateAsServerAsync(certificate.Certificate);
            await EchoAsync(tls);
        });
        _ingress.Certificate("a", certificate);
        _ingress.Listen(
            TestIngress.Listener("db", Plain, ListenerProtocol.Tcp),
            TestIngress.Listener("ended", Ended, ListenerProtocol.TlsTerminate, tls: TestIngress.Tls("a")),
            TestIngress.Listener("passed", Passed, ListenerProtocol.TlsPassthrough));
        _ingress.Route(
            TestIngress.Tcp("db", Plain, "*", echo), TestIngress.Tcp("ended", Ended, "*", echo),
            TestIngress.Passed("passed", Passed, "a.example", secure), TestIngress.Passed("passed", Passed, "b.example", secure));
        _mesh.Apply(new MeshUpdate { Resources = [.. resources] });
        await _ingress.StartAsync();
    }

    private async Task EchoAsync(Stream stream)
    {
        byte[] buffer = new byte[1024];
        while (await stream.ReadAsync(buffer) is > 0 and var read)
        {
            Interlocked.Increment(ref _heard);
            await stream.WriteAsync(buffer.AsMemory(0, read));
        }
    }
}
