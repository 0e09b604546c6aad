using System.Net;
using Ambient.Core;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Waypoint.Tests.Lab;
using Ambient.Waypoint.Tests.Requests.Rig;
using Microsoft.AspNetCore.Http;

namespace Ambient.Waypoint.Tests.Requests.Mirroring;

/// <summary>Copies for a service that another waypoint stands for.</summary>
public sealed class BoundMirrorTests : IAsyncDisposable
{
    private readonly TestMesh _mesh = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    [Fact]
    public async Task Mirror_ToAServiceOfAnotherWaypoint_GoesThroughThatOne()
    {
        _mesh.Gateway("second");
        MeshService orders = _mesh.Service("orders");
        MeshService audit = _mesh.Service("audit", gateway: "second");
        await _mesh.Pod("orders-1", orders).ServeAsync(static http => http.Response.WriteAsync("ordered"));
        List<string> copies = [];
        TestPod auditor = await _mesh.Pod("audit-1", audit).ServeAsync(async http =>
        {
            string body = await new StreamReader(http.Request.Body).ReadToEndAsync();
            lock (copies)
            {
                copies.Add($"{http.Request.Host} {body}");
            }
        });
        _mesh.Apply(new MeshUpdate
        {
            Resources =
            [
                new RouteTable
                {
                    Host = orders.Hostname,
                    Port = 80,
                    Http =
                    [
                        new HttpRule
                        {
                            Origin = new RouteOrigin("VirtualService", TestMesh.Namespace, "orders", 0),
                            Action = new RouteAction.Forward([new WeightedBackend { Target = To(orders) }]),
                            Mirrors = [new RouteMirror(To(audit))],
                        },
                    ],
                },
            ],
        });
        HttpMessageInvoker client = _mesh.Pod("client").Client(await _mesh.WaypointAsync(), $"{orders.Addresses[0].Address}:80");
        await _mesh.WaypointAsync("second");

        for (int i = 0; i < 10; i++)
        {
            using HttpResponseMessage answer = await client.SendAsync(
                new HttpRequestMessage(HttpMethod.Post, "http://orders/") { Content = new StringContent($"order {i}") }, Ct);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        await Wait.UntilAsync(() => Count() == 10, "every copy arrives");
        lock (copies)
        {
            Assert.Equal(Enumerable.Range(0, 10).Select(static i => $"orders-shadow order {i}"), copies.Order(StringComparer.Ordinal));
        }

        // The second waypoint's tunnels: it took the first for the caller. Copies that went around it would name the client.
        Assert.All(auditor.Connects, static c => Assert.Equal("spiffe://cluster.local/ns/shop/sa/waypoint", c.Header("ambient-caller")));

        int Count()
        {
            lock (copies)
            {
                return copies.Count;
            }
        }
    }

    private static BackendTarget To(MeshService service) => new(service.Key, service.Namespace, service.Name, 80);
}
