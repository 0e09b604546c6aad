using System.Net.Sockets;
using Ambient.Core.Gateways;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Waypoint.Tests.Lab;
using Microsoft.AspNetCore.Http;

namespace Ambient.Waypoint.Tests.Listening.Gateways;

/// <summary>Connections of the mesh to a gateway, as to one through which requests leave it.</summary>
public sealed class TunnelledListenerTests : IAsyncDisposable
{
    private readonly TestMesh _mesh = new();
    private readonly TestIngress _ingress;

    public TunnelledListenerTests() => _ingress = new TestIngress(_mesh);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _ingress.Dispose();
        await _mesh.DisposeAsync();
    }

    [Theory]
    [InlineData(8080)]
    [InlineData(8081)]
    public async Task Request_ByTunnel_LeavesTheMeshThroughTheGatewayWithItsCaller(int port)
    {
        TestPod client = await StartAsync();

        using HttpResponseMessage answer = await client.Client(_ingress.Process, $"{_ingress.Process.Address}:{port}").SendAsync(
            new HttpRequestMessage(HttpMethod.Get, "http://api.example/v1"), Ct);

        Assert.Equal("/v1 api.example By=spiffe://cluster.local/ns/shop/sa/edge;URI=spiffe://cluster.local/ns/shop/sa/client", await answer.Content.ReadAsStringAsync(Ct));
    }

    [Fact]
    public async Task Request_FromOutside_DoesNotReachAServerForTheMesh()
    {
        await StartAsync();

        // The connection is closed before a byte was read: the client may see that already while it connects.
        Exception refused = await Assert.ThrowsAnyAsync<Exception>(() => _ingress.Client().GetStringAsync("http://api.example:8081/v1", Ct));
        Assert.True(refused is HttpRequestException or SocketException, refused.ToString());
        Assert.StartsWith("/v1 ", await _ingress.Client().GetStringAsync("http://api.example:8080/v1", Ct), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8082)]
    [InlineData(22)]
    public async Task Tunnel_ToAPortWithoutListener_IsRefused(int port)
    {
        TestPod client = await StartAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => client.OpenAsync(_ingress.Process, $"{_ingress.Process.Address}:{port}", Ct));
    }

    /// <summary>An external service, which no ztunnel stands before, and a client of the mesh.</summary>
    private async Task<TestPod> StartAsync()
    {
        MeshService api = _mesh.Service("api", gateway: null);
        TestPod external = await _mesh.Pod("external", api).ServeAsync(static http => http.Response.WriteAsync(
            $"{http.Request.Path} {http.Request.Host} {http.Request.Headers["x-forwarded-client-cert"]}"));
        _mesh.Add(external.Workload with { TunnelProtocol = TunnelProtocol.None });
        TestPod client = _mesh.Pod("client");
        _ingress.Listen(
            TestIngress.Listener("egress", 8080, ListenerProtocol.Http), TestIngress.Listener("mesh", 8081, ListenerProtocol.Http) with { MeshOnly = true });
        _ingress.Route(TestIngress.Http("egress", 8080, "api.example", api), TestIngress.Http("mesh", 8081, "api.example", api));
        await _ingress.StartAsync();
        return client;
    }
}
