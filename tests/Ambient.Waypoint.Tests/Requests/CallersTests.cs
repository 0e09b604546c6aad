using System.Collections.Concurrent;
using System.Net;
using Ambient.Core;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Services;
using Ambient.Waypoint.Tests.Lab;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ambient.Waypoint.Tests.Requests;

/// <summary>Through real tunnels on both sides: whose request it is, is never mixed up.</summary>
public sealed class CallersTests : IAsyncDisposable
{
    private readonly TestMesh _mesh = new();

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    [Theory]
    [InlineData(HttpProtocols.Http1)]
    [InlineData(HttpProtocols.Http2)]
    public async Task TwoCallers_WithDifferentRightsUnderLoad_NeverGetEachOthersIdentityOrRights(HttpProtocols protocol)
    {
        bool http2 = protocol == HttpProtocols.Http2;
        MeshService orders = _mesh.Service("orders", http2 ? AppProtocol.Http2 : AppProtocol.Http11);
        TestPod[] endpoints = [_mesh.Pod("orders-1", orders), _mesh.Pod("orders-2", orders)];
        ConcurrentQueue<string> wrong = new();
        int served = 0;
        foreach (TestPod endpoint in endpoints)
        {
            await endpoint.ServeAsync(
                http =>
                {
                    string asserted = http.Request.Headers["x-forwarded-client-cert"].ToString();
                    string said = http.Request.Headers["x-who"].ToString();
                    Interlocked.Increment(ref served);
                    if (!asserted.EndsWith($"URI=spiffe://cluster.local/ns/shop/sa/{said}", StringComparison.Ordinal))
                    {
                        wrong.Enqueue($"{said} came as {asserted}");
                    }

                    return http.Response.WriteAsync(said);
                },
                protocol);
        }

        TestPod[] callers = [_mesh.Pod("reader"), _mesh.Pod("writer")];
        _mesh.Apply(new MeshUpdate
        {
            Resources =
            [
                Allow("readers-read", "reader", "GET"),
                Allow("writers-write", "writer", "POST"),
            ],
        });
        TestWaypoint waypoint = await _mesh.WaypointAsync();
        HttpMessageInvoker[] clients = [.. callers.Select(c => c.Client(waypoint, $"{orders.Addresses[0].Address}:80"))];

        await Parallel.ForAsync(0, 4000, new ParallelOptions { MaxDegreeOfParallelism = 24, CancellationToken = TestContext.Current.CancellationToken }, async (i, ct) =>
        {
            int who = i % 2;
            string name = who == 0 ? "reader" : "writer";
            bool get = i / 2 % 2 == 0;
            HttpRequestMessage request = new(get ? HttpMethod.Get : HttpMethod.Post, "http://orders/")
            {
                Version = http2 ? HttpVersion.Version20 : HttpVersion.Version11,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = get ? null : new ByteArrayContent("x"u8.ToArray()),
            };
            request.Headers.Add("x-who", name);
            using HttpResponseMessage answer = await clients[who].SendAsync(request, ct);
            bool may = get == (who == 0);
            string text = await answer.Content.ReadAsStringAsync(ct);
            if (answer.StatusCode != (may ? HttpStatusCode.OK : HttpStatusCode.Forbidden) || (may && text != name))
            {
                wrong.Enqueue($"{name} {request.Method}: {answer.StatusCode} {text}");
            }
        });

        Assert.Empty(wrong.Take(5));
        Assert.Equal(2000, served);
        string[] asserted = [.. endpoints.SelectMany(e => e.Connects).Select(c => c.Header("ambient-caller") ?? "").Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(["spiffe://cluster.local/ns/shop/sa/reader", "spiffe://cluster.local/ns/shop/sa/writer"], asserted);
    }

    private static RequestPolicy Allow(string name, string account, string method) => new()
    {
        Name = new NamespacedName(TestMesh.Namespace, name),
        Action = RequestPolicyAction.Allow,
        Rules = [new RequestRule
        {
            From = [new RequestSource { Principals = [$"cluster.local/ns/shop/sa/{account}"] }],
            To = [new RequestOperation { Methods = [method] }],
        }],
        Targets = [new RequestPolicyTarget(RequestPolicyTargetKind.Namespace, TestMesh.Namespace)],
    };
}
