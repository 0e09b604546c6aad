using System.Net;
using Ambient.Core;
using Ambient.Core.Gateways;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ambient.Waypoint.Tests.Lab;

/// <summary>
/// Two proxies between a client and an endpoint. In the mesh the client calls <c>front</c>, whose waypoint has a route to <c>orders</c>, which
/// is bound to a waypoint of its own; from outside a gateway has that route.
/// </summary>
internal sealed class TwoInARow : IAsyncDisposable
{
    private const int ListenerPort = 8000;

    private readonly TestMesh _mesh = new();
    private TestIngress? _ingress;

    /// <summary>Of the endpoint, whose tunnels all come from the second proxy.</summary>
    internal TestPod Pod { get; private set; } = null!;

    /// <summary>The account that the second proxy takes for the caller: the first proxy's own.</summary>
    internal string SecondsCaller { get; private set; } = "";

    internal IReadOnlyList<string> AccessLog => _mesh.AccessLog;

    /// <summary>A client whose every request passes both.</summary>
    internal async Task<HttpMessageInvoker> ClientAsync(bool throughGateway, AppProtocol protocol, RequestDelegate app)
    {
        bool http2 = protocol is AppProtocol.Http2 or AppProtocol.Grpc;
        _mesh.Gateway("second");
        MeshService orders = _mesh.Service("orders", protocol, "second");
        Pod = await _mesh.Pod("orders-1", orders).ServeAsync(app, http2 ? HttpProtocols.Http2 : HttpProtocols.Http1);
        HttpMessageInvoker client = throughGateway ? await FromOutsideAsync(orders) : await FromAPodAsync(orders, protocol);
        await _mesh.WaypointAsync("second");
        return http2 ? new HttpMessageInvoker(new AsHttp2(client)) : client;
    }

    private async Task<HttpMessageInvoker> FromAPodAsync(MeshService orders, AppProtocol protocol)
    {
        MeshService front = _mesh.Service("front", protocol);
        _mesh.Apply(new MeshUpdate
        {
            Resources = [new RouteTable { Host = front.Hostname, Port = 80, Http = [new HttpRule { Origin = new RouteOrigin("VirtualService", TestMesh.Namespace, "front", 0), Action = To(orders) }] }],
        });
        SecondsCaller = $"spiffe://cluster.local/ns/{TestMesh.Namespace}/sa/{TestMesh.GatewayName}";
        TestPod client = _mesh.Pod("client");
        return client.Client(await _mesh.WaypointAsync(), $"{front.Addresses[0].Address}:80");
    }

    private async Task<HttpMessageInvoker> FromOutsideAsync(MeshService orders)
    {
        _ingress = new TestIngress(_mesh);
        _ingress.Listen(TestIngress.Listener("http", ListenerPort, ListenerProtocol.Http));
        _ingress.Route(TestIngress.Http("http", ListenerPort, "*", orders));
        await _ingress.StartAsync();
        SecondsCaller = $"spiffe://cluster.local/ns/{TestMesh.Namespace}/sa/{TestIngress.Name}";
        return new HttpMessageInvoker(new ToListener(_ingress.Client()));
    }

    private static RouteAction.Forward To(MeshService service) => new([new WeightedBackend { Target = new BackendTarget(service.Key, service.Namespace, service.Name, 80) }]);

    public async ValueTask DisposeAsync()
    {
        _ingress?.Dispose();
        await _mesh.DisposeAsync();
    }

    private sealed class AsHttp2(HttpMessageInvoker inner) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
            return inner.SendAsync(request, cancellationToken);
        }
    }

    private sealed class ToListener(HttpClient inner) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new UriBuilder(request.RequestUri!) { Port = ListenerPort }.Uri;
            return inner.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
    }
}
