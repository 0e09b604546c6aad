using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Ambient.Core;
using Ambient.Core.Gateways;
using Ambient.Core.Routes;
using Ambient.Core.Services;

namespace Ambient.Waypoint.Tests.Lab;

/// <summary>A gateway in the mesh of a test: its listeners, routes and certificates as the operator would send them, and clients from outside.</summary>
internal sealed class TestIngress(TestMesh mesh) : IDisposable
{
    internal const string Name = "edge";
    internal static readonly NamespacedName Key = new(TestMesh.Namespace, Name);

    private readonly List<GatewayListener> _listeners = [];
    private readonly List<IDisposable> _owned = [];

    internal TestWaypoint Process { get; private set; } = null!;

    internal static GatewayListener Listener(string name, int port, ListenerProtocol protocol, string host = "", ListenerTls? tls = null) => new()
    {
        Owner = Key,
        Name = name,
        Port = port,
        Protocol = protocol,
        Hostnames = host.Length == 0 ? [] : [host],
        Tls = tls,
    };

    internal static ListenerTls Tls(params string[] secrets) => new() { Certificates = [.. secrets.Select(s => GatewayCertificate.KeyOf(Key, new NamespacedName(TestMesh.Namespace, s)))] };

    /// <summary>Every request for a host goes to a service.</summary>
    internal static RouteTable Http(string listener, int port, string host, MeshService service, params HttpRule[] before) => Table(listener, port, host) with
    {
        Http = [.. before, new HttpRule { Origin = new RouteOrigin("HTTPRoute", TestMesh.Namespace, "r", 0), Action = new RouteAction.Forward([To(service)]) }],
    };

    internal static RouteTable Table(string listener, int port, string host) =>
        new() { Scope = RouteScope.Gateway, Gateway = Key, Listener = listener, Port = port, Host = host };

    internal static RouteTable Tcp(string listener, int port, string host, MeshService service) =>
        Table(listener, port, host) with { Tcp = [new TcpRule { Origin = new RouteOrigin("TCPRoute", TestMesh.Namespace, "t", 0), Backends = [To(service)] }] };

    internal static RouteTable Passed(string listener, int port, string host, MeshService service) =>
        Table(listener, port, host) with { Tls = [new TlsRule { Origin = new RouteOrigin("TLSRoute", TestMesh.Namespace, "t", 0), Backends = [To(service)] }] };

    internal void Certificate(string secret, TestCertificate certificate) => mesh.Apply(new MeshUpdate
    {
        Resources =
        [
            new GatewayCertificate
            {
                Gateway = Key, Secret = new NamespacedName(TestMesh.Namespace, secret), ServiceAccount = Key, Chain = certificate.ChainPem, PrivateKey = certificate.KeyPem,
            },
        ],
    });

    /// <summary>Replaces the listeners.</summary>
    internal void Listen(params GatewayListener[] listeners)
    {
        _listeners.Clear();
        _listeners.AddRange(listeners);
        mesh.Apply(new MeshUpdate { Resources = [new GatewayConfig { Name = Key, Role = ProxyRole.Ingress, ServiceAccount = Key, Listeners = [.. listeners] }] });
    }

    internal void Route(params RouteTable[] tables) => mesh.Apply(new MeshUpdate { Resources = [.. tables] });

    internal async Task StartAsync()
    {
        await StartGatewayAsync();
        foreach (int port in _listeners.Select(l => l.Port).Distinct())
        {
            (await ConnectAsync(port)).Dispose();
        }
    }

    /// <summary>Without waiting for its ports.</summary>
    internal async Task StartGatewayAsync()
    {
        mesh.Gateway(Name);
        Process = await mesh.WaypointAsync(Name);
    }

    /// <summary>A connection from outside; waits for a port that is about to be opened.</summary>
    internal async Task<Socket> ConnectAsync(int port)
    {
        for (int attempt = 0; ; attempt++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(new IPEndPoint(Process.Address, port), TestContext.Current.CancellationToken);
                return socket;
            }
            catch (SocketException) when (attempt < 200)
            {
                socket.Dispose();
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }
    }

    internal async Task<SslStream> TlsAsync(int port, string serverName, TestCertificate? client = null, List<SslApplicationProtocol>? protocols = null,
        System.Security.Authentication.SslProtocols versions = System.Security.Authentication.SslProtocols.None)
    {
        var tls = new SslStream(new NetworkStream(await ConnectAsync(port), ownsSocket: true));
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = serverName,
                EnabledSslProtocols = versions,
                ApplicationProtocols = protocols,
                ClientCertificateContext = client is null ? null : SslStreamCertificateContext.Create(client.Certificate, null, offline: true),
                RemoteCertificateValidationCallback = static (_, shown, _, _) => shown is not null,
            },
            TestContext.Current.CancellationToken);
        return tls;
    }

    /// <summary>An HTTP client that resolves every name to the gateway.</summary>
    internal HttpClient Client(TestCertificate? certificate = null, Version? version = null)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            ConnectCallback = async (context, _) => new NetworkStream(await ConnectAsync(context.DnsEndPoint.Port), ownsSocket: true),
        };
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, shown, _, _) => shown is not null;
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificates = new X509Certificate2Collection(certificate.Certificate);
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate.Certificate;
        }

        var client = new HttpClient(handler) { DefaultRequestVersion = version ?? HttpVersion.Version11, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        _owned.Add(client);
        return client;
    }

    public void Dispose() => _owned.ForEach(static o => o.Dispose());

    private static WeightedBackend To(MeshService service) => new() { Target = new BackendTarget(service.Key, service.Namespace, service.Name, 80) };
}
