using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Ambient.Core;
using Ambient.Core.Mesh;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Waypoint.Tests.Lab;

namespace Ambient.Waypoint.Tests.Connections;

public sealed class PassThroughTests : IAsyncDisposable
{
    private readonly TestMesh _mesh = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    [Theory]
    [InlineData(AppProtocol.Unknown)]
    [InlineData(AppProtocol.Tcp)]
    public async Task Tcp_ServerSpeaksFirst_IsHeardWithoutWaitingForTheClient(AppProtocol protocol)
    {
        await using Stream stream = await ConnectAsync(protocol, async socket =>
        {
            await socket.SendAsync("220 ready\r\n"u8.ToArray());
            byte[] buffer = new byte[100];
            int n = await socket.ReceiveAsync(buffer);
            await socket.SendAsync(buffer.AsMemory(0, n));
            socket.Shutdown(SocketShutdown.Send);
        });

        // The client says nothing before: only a waypoint that does not wait for it dials.
        Assert.Equal("220 ready\r\n", await stream.ReadUntilAsync("\n", Ct));
        await stream.SendAsync("EHLO me\r\n", Ct);
        Assert.Equal("EHLO me\r\n", await stream.ReadToEndAsync(Ct));
    }

    [Theory]
    [InlineData(AppProtocol.Unknown, false)]
    [InlineData(AppProtocol.Http11, true)] // declared: no matter what the Mesh says
    public async Task OpaquePortOfTheMesh_NotDeclared_IsPassedOnWithoutBeingLookedAt(AppProtocol protocol, bool looked)
    {
        _mesh.Apply(new MeshUpdate { Resources = [new MeshRequestDefaults { OpaquePorts = [80] }] });
        await using Stream stream = await ConnectAsync(protocol, EchoAsync);

        await stream.SendAsync("GET / HTTP/1.1\r\nambient-caller: me\r\n\r\n", Ct); // as HTTP it lacks a host

        string answer = await stream.ReadUntilAsync("\r\n", Ct);
        Assert.Equal(looked, answer.StartsWith("HTTP/1.1 400", StringComparison.Ordinal));
        Assert.Equal(!looked, answer.StartsWith("GET / HTTP/1.1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tcp_ClientSpeaksFirstSlowly_EveryByteArrivesInOrder()
    {
        await using Stream stream = await ConnectAsync(AppProtocol.Unknown, EchoAsync);

        await stream.SendAsync("*1\r", Ct);
        await Task.Delay(300, Ct);
        await stream.SendAsync("\n$4\r\nPING\r\n", Ct);

        Assert.Equal("*1\r\n$4\r\nPING\r\n", await stream.ReadUntilAsync("PING\r\n", Ct));
    }

    [Fact]
    public async Task Http_AfterALongSilence_IsStillHttp()
    {
        MeshService service = _mesh.Service("orders", AppProtocol.Unknown);
        await _mesh.Pod("orders-1", service).ServeAsync(http =>
        {
            http.Response.Headers["x-seen"] = http.Request.Headers["x-forwarded-for"];
            return Task.CompletedTask;
        });
        await using Stream stream = await _mesh.Pod("client").ConnectAsync(await _mesh.WaypointAsync(), Authority(service), Ct);

        await Task.Delay(600, Ct);
        await stream.SendAsync("GET / HTTP/1.1\r\nHost: orders\r\n\r\n", Ct);

        string answer = await stream.ReadUntilAsync("\r\n\r\n", Ct);
        Assert.Contains("x-seen: 127.", answer, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task HalfClose_ByTheClient_LetsTheServerFinish()
    {
        await using Stream stream = await ConnectAsync(AppProtocol.Tcp, async socket =>
        {
            byte[] buffer = new byte[100];
            int got = 0, n;
            while ((n = await socket.ReceiveAsync(buffer)) > 0)
            {
                got += n;
            }

            await socket.SendAsync(Encoding.ASCII.GetBytes($"got {got}"));
            socket.Shutdown(SocketShutdown.Send);
        });
        await stream.SendAsync("12345", Ct);
        await ((Waypoint.Upstreams.PipeStream)stream).HalfCloseAsync();

        Assert.Equal("got 5", await stream.ReadToEndAsync(Ct));
    }

    [Fact]
    public async Task Reset_ByTheServer_ReachesTheClient()
    {
        await using Stream stream = await ConnectAsync(AppProtocol.Tcp, async socket =>
        {
            await socket.ReceiveAsync(new byte[10]);
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
        });
        await stream.SendAsync("x", Ct);

        await Assert.ThrowsAnyAsync<IOException>(async () => await stream.ReadToEndAsync(Ct));
    }

    [Fact]
    public async Task TcpRule_WeightsOfBackends_Decide()
    {
        MeshService addressed = _mesh.Service("db", AppProtocol.Tcp), other = _mesh.Service("db-v2", AppProtocol.Tcp);
        _mesh.Pod("db-1", addressed).ServeTcp(SayAsync("v1"));
        _mesh.Pod("db-2", other).ServeTcp(SayAsync("v2"));
        Put(new RouteTable
        {
            Host = addressed.Hostname,
            Tcp = [new TcpRule { Origin = Origin, Backends = [Backend(addressed, 0), Backend(other, 1)] }],
        });

        await using Stream stream = await _mesh.Pod("client").ConnectAsync(await _mesh.WaypointAsync(), Authority(addressed), Ct);

        Assert.Equal("v2", await stream.ReadToEndAsync(Ct));
    }

    [Fact]
    public async Task TlsRule_ServerName_DecidesAndTlsStaysUnopened()
    {
        MeshService addressed = _mesh.Service("web", AppProtocol.Tls), other = _mesh.Service("web-v2", AppProtocol.Tls);
        using var authority = TestCertificate.Authority();
        using TestCertificate certificate = authority.Issue("b.example");
        _mesh.Pod("web-1", addressed).ServeTcp(SayAsync("wrong"));
        _mesh.Pod("web-2", other).ServeTcp(async socket =>
        {
            await using var tls = new SslStream(new NetworkStream(socket));
            await tls.AuthenticateAsServerAsync(certificate.Certificate);
            await tls.WriteAsync("v2"u8.ToArray());
            await tls.ShutdownAsync();
        });
        Put(new RouteTable
        {
            Host = addressed.Hostname,
            Tls = [new TlsRule { Origin = Origin, ServerNames = ["b.example"], Backends = [Backend(other, 1)] }],
        });
        await using Stream stream = await _mesh.Pod("client").ConnectAsync(await _mesh.WaypointAsync(), Authority(addressed), Ct);
        await using var client = new SslStream(stream, false, (_, c, _, _) => c?.Subject == "CN=b.example");
        await client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "B.example" }, Ct);

        Assert.Equal("v2", await client.ReadToEndAsync(Ct));
    }

    [Theory]
    [InlineData(RequestPolicyAction.Deny)]
    [InlineData(RequestPolicyAction.Allow)]
    public async Task Policy_ThatLooksAtRequests_RefusesTheConnection(RequestPolicyAction action)
    {
        Put(new RequestPolicy
        {
            Name = new NamespacedName(TestMesh.Namespace, "p"),
            Action = action,
            Targets = [new RequestPolicyTarget(RequestPolicyTargetKind.Namespace, TestMesh.Namespace)],
            Rules = [new RequestRule { To = [new RequestOperation { Methods = ["GET"] }] }],
        });
        await using Stream stream = await ConnectAsync(AppProtocol.Tcp, SayAsync("in"));

        await Assert.ThrowsAnyAsync<IOException>(async () => await stream.ReadToEndAsync(Ct));
        Assert.Contains("RBAC", _mesh.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TcpRule_ToAnotherService_IsJudgedByThatServicesPoliciesToo(bool atBackend)
    {
        MeshService addressed = _mesh.Service("db", AppProtocol.Tcp), other = _mesh.Service("db-v2", AppProtocol.Tcp), third = _mesh.Service("db-v3", AppProtocol.Tcp);
        TestPod pod = _mesh.Pod("db-2", other).ServeTcp(SayAsync("v2"));
        Put(new RouteTable { Host = addressed.Hostname, Tcp = [new TcpRule { Origin = Origin, Backends = [Backend(other, 1)] }] });
        Put(new RequestPolicy
        {
            Name = new NamespacedName(TestMesh.Namespace, "nobody"),
            Action = RequestPolicyAction.Deny,
            Targets = [new RequestPolicyTarget(RequestPolicyTargetKind.Service, atBackend ? other.Key : third.Key)],
            Rules = [new RequestRule()],
        });
        await using Stream stream = await _mesh.Pod("client").ConnectAsync(await _mesh.WaypointAsync(), Authority(addressed), Ct);

        if (!atBackend)
        {
            Assert.Equal("v2", await stream.ReadToEndAsync(Ct));
            return;
        }

        await Assert.ThrowsAnyAsync<IOException>(async () => await stream.ReadToEndAsync(Ct));
        Assert.Contains("shop/nobody", _mesh.Log, StringComparison.Ordinal);
        Assert.Empty(pod.Connects);
    }

    [Fact]
    public async Task HttpPort_SomethingElse_IsRefusedAndNeverPassedOn()
    {
        MeshService service = _mesh.Service("orders", AppProtocol.Http11);
        TestPod pod = _mesh.Pod("orders-1", service).ServeTcp(SayAsync("in"));
        await using Stream stream = await _mesh.Pod("client").ConnectAsync(await _mesh.WaypointAsync(), Authority(service), Ct);
        await stream.SendAsync("*1\r\n$4\r\nPING\r\n", Ct);

        Assert.StartsWith("HTTP/1.1 400", await stream.ReadToEndAsync(Ct), StringComparison.Ordinal);
        Assert.Empty(pod.Connects);
    }

    private static RouteOrigin Origin => new("VirtualService", TestMesh.Namespace, "routes", 0);

    private static WeightedBackend Backend(MeshService service, uint weight) =>
        new() { Target = new BackendTarget(service.Key, service.Namespace, service.Name, 80), Weight = weight };

    private static string Authority(MeshService service) => $"{service.Addresses[0].Address}:80";

    private static Func<Socket, Task> SayAsync(string word) => async socket =>
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes(word));
        socket.Shutdown(SocketShutdown.Send);
        await socket.ReceiveAsync(new byte[1]);
    };

    private static async Task EchoAsync(Socket socket)
    {
        byte[] buffer = new byte[100];
        int n;
        while ((n = await socket.ReceiveAsync(buffer)) > 0)
        {
            await socket.SendAsync(buffer.AsMemory(0, n));
        }
    }

    private void Put(ProxyResource resource) => _mesh.Apply(new MeshUpdate { Resources = [resource] });

    private async Task<Stream> ConnectAsync(AppProtocol protocol, Func<Socket, Task> app)
    {
        MeshService service = _mesh.Service("app", protocol);
        _mesh.Pod("app-1", service).ServeTcp(app);
        return await _mesh.Pod("client").ConnectAsync(await _mesh.WaypointAsync(), Authority(service), Ct);
    }
}
