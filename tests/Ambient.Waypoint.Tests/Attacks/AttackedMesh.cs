using System.Collections.Concurrent;
using Ambient.Core;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Services;
using Ambient.Waypoint.Tests.Lab;
using Ambient.Waypoint.Upstreams;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ambient.Waypoint.Tests.Attacks;

/// <summary>A real waypoint before one service, a caller who means harm, and one who does not.</summary>
internal sealed class AttackedMesh : IAsyncDisposable
{
    private readonly TestMesh _mesh = new();
    private TestPod _attacker = null!;
    private TestPod _bystander = null!;
    private MeshService _service = null!;
    private HttpMessageInvoker _innocent = null!;

    internal TestWaypoint Waypoint { get; private set; } = null!;

    internal string Log => _mesh.Log;

    /// <summary>Method and target of every request that reached the application, as it was on the wire; but for those of the bystander.</summary>
    internal ConcurrentQueue<string> Seen { get; } = new();

    internal static async Task<AttackedMesh> StartAsync(RequestDelegate? handle = null, HttpProtocols protocols = HttpProtocols.Http1, params RequestPolicy[] policies)
    {
        AttackedMesh attacked = new();
        attacked._service = attacked._mesh.Service("orders", protocols == HttpProtocols.Http2 ? AppProtocol.Http2 : AppProtocol.Http11);
        await attacked._mesh.Pod("orders-1", attacked._service).ServeAsync(
            http =>
            {
                if (http.Request.Headers.ContainsKey("x-innocent"))
                {
                    return http.Response.WriteAsync("served");
                }

                attacked.Seen.Enqueue($"{http.Request.Method} {http.Features.Get<IHttpRequestFeature>()!.RawTarget}");
                return handle is null ? DrainAsync(http) : handle(http);
            },
            protocols);
        attacked._attacker = attacked._mesh.Pod("attacker");
        attacked._bystander = attacked._mesh.Pod("bystander");
        attacked._mesh.Apply(new MeshUpdate { Resources = [.. policies] });
        attacked.Waypoint = await attacked._mesh.WaypointAsync();
        attacked._innocent = attacked._bystander.Client(attacked.Waypoint, attacked.Authority);
        await attacked.OthersAsync();
        return attacked;
    }

    /// <summary>A connection of the attacker's application, through its ztunnel and the waypoint.</summary>
    internal Task<PipeStream> ConnectAsync() => _attacker.ConnectAsync(Waypoint, Authority, TestContext.Current.CancellationToken);

    /// <summary>The bystander is served, now.</summary>
    internal async Task OthersAsync()
    {
        for (int i = 0; i < 3; i++)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, "http://orders/");
            request.Headers.Add("x-innocent", "1");
            using HttpResponseMessage answer = await _innocent.SendAsync(request, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            Assert.Equal("served", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    private string Authority => $"{_service.Addresses[0].Address}:80";

    private static async Task DrainAsync(HttpContext http)
    {
        await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
        await http.Response.WriteAsync("reached", http.RequestAborted);
    }
}
