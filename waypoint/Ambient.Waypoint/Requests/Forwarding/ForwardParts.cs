using Ambient.Waypoint.Upstreams;
using Ambient.Waypoint.Upstreams.Clusters;
using Yarp.ReverseProxy.Forwarder;

namespace Ambient.Waypoint.Requests.Forwarding;

/// <summary>What forwarding works with; the same for all requests.</summary>
internal sealed record ForwardParts
{
    public required IHttpForwarder Forwarder { get; init; }

    /// <summary>The client whose connections go to a key; asked anew for each attempt.</summary>
    public required Func<UpstreamKey, HttpMessageInvoker> Invokers { get; init; }

    public required IEjections Ejections { get; init; }

    public required TimeProvider Time { get; init; }

    public required Random Random { get; init; }
}
