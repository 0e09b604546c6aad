using System.Net;
using Ambient.Routing.Destinations;
using Ambient.Waypoint.Hosting;
using Ambient.Waypoint.Mesh;
using Ambient.Waypoint.Upstreams;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Ambient.Waypoint.Requests;

/// <summary>What each request meets, in order.</summary>
internal sealed class RequestPipeline(WaypointContext context, UpstreamPools pools, IHttpForwarder forwarder)
{
    private static readonly ForwarderRequestConfig s_config = new() { ActivityTimeout = TimeSpan.FromHours(1), AllowResponseBuffering = false };

    private readonly EndpointPicker _picker = new(Random.Shared);

    internal async Task HandleAsync(HttpContext http)
    {
        WaypointState state = context.Mesh.Current;
        RequestConnection connection = http.Features.GetRequiredFeature<RequestConnection>();
        if (state.Self is not { } self || connection.Destination is not { } destination)
        {
            http.Response.StatusCode = (int)HttpStatusCode.ServiceUnavailable;
            return;
        }

        if (UpstreamKeys.Of(DestinationResolver.Resolve(state.Snapshot, self, destination, _picker)) is not { } key)
        {
            http.Response.StatusCode = (int)HttpStatusCode.ServiceUnavailable;
            return;
        }

        key = key with { Caller = connection.Caller, Http2 = HttpProtocol.IsHttp2(http.Request.Protocol) };
        await forwarder.SendAsync(http, key.Prefix, pools.For(key), s_config with { Version = key.Version, VersionPolicy = HttpVersionPolicy.RequestVersionExact });
    }
}
