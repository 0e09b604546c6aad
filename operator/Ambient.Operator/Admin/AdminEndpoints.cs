using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ambient.Discovery.Publishing;
using Ambient.Operator.Indexing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Ambient.Operator.Admin;

/// <summary>The operator's plain HTTP side: <c>/metrics</c>, <c>/healthz/ready</c>, <c>/healthz/live</c>, <c>/debug/proxies</c>, <c>/debug/snapshot</c>.</summary>
internal sealed class AdminEndpoints(MetricsPage metrics, Readiness readiness, MeshPublisher publisher, MeshIndexer indexer, bool debugAnywhere)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(), new AddressJson.Ip(), new AddressJson.Network(), new AddressJson.Identity() },
    };

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/metrics", context => TextAsync(context, 200, metrics.Write(), "text/plain; version=0.0.4; charset=utf-8"));
        endpoints.MapGet("/healthz/live", context => TextAsync(context, 200, "ok\n", "text/plain"));
        endpoints.MapGet("/healthz/ready", context =>
        {
            string? why = readiness.WhyNot();
            return TextAsync(context, why is null ? 200 : 503, (why ?? "ready") + "\n", "text/plain");
        });
        endpoints.MapGet("/debug/proxies", context => DebugAsync(context, () => publisher.Proxies));
        endpoints.MapGet("/debug/snapshot", context => DebugAsync(context, indexer.Result));
    }

    // What the mesh looks like is nobody's business who merely reaches the port; `kubectl port-forward` comes from loopback.
    private Task DebugAsync<T>(HttpContext context, Func<T> read)
    {
        if (!debugAnywhere && !(context.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from)))
        {
            return TextAsync(context, 403, "debugging is for this machine alone (AMBIENT_DEBUG=all opens it)\n", "text/plain");
        }

        context.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(context.Response.Body, read(), Json, context.RequestAborted);
    }

    private static Task TextAsync(HttpContext context, int status, string text, string type)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
