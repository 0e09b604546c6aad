using System.Net;
using Ambient.Core.Services;
using Ambient.Waypoint.Tests.Lab;
using Microsoft.AspNetCore.Http;

namespace Ambient.Waypoint.Tests.Listening;

public sealed class HttpThroughWaypointTests : IAsyncDisposable
{
    private readonly TestMesh _mesh = new();

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    [Fact]
    public async Task Get_ServiceByVip_IsAnsweredByItsEndpointAndTellsTheCaller()
    {
        MeshService orders = _mesh.Service("orders");
        TestPod pod = await _mesh.Pod("orders-1", orders).ServeAsync(http => http.Response.WriteAsync($"{http.Request.Method} {http.Request.Path}"));
        TestPod client = _mesh.Pod("client");
        TestWaypoint waypoint = await _mesh.WaypointAsync();

        using HttpResponseMessage answer = await client.Client(waypoint, $"{orders.Addresses[0].Address}:80").SendAsync(
            new HttpRequestMessage(HttpMethod.Get, "http://orders/list"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("GET /list", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("spiffe://cluster.local/ns/shop/sa/client", Assert.Single(pod.Connects).Header("ambient-caller"));
    }
}
