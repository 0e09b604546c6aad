using System.Collections.Immutable;
using System.Net;
using Ambient.Core.Identity;
using Ambient.Core.Routes;
using Ambient.Core.Workloads;
using Ambient.Routing.Choosing;
using Ambient.Routing.Matching;
using Ambient.Waypoint.Hosting;
using Ambient.Waypoint.Mesh;

namespace Ambient.Waypoint.Connections;

/// <summary>
/// Where the datagrams of a client go: the gateway's policies, the first rule of the port, backend by weight, endpoint by chance. They go to the pods
/// as they are: HBONE carries no datagrams, and neither waypoints nor the backends' policies see them.
/// </summary>
internal sealed class DatagramRoutes(WaypointContext context, GatewayAdmission admission)
{
    internal WaypointState State => context.Mesh.Current;

    /// <summary>Null with the reason where they go nowhere.</summary>
    internal IPEndPoint? Choose(WaypointState state, int port, IPEndPoint client, out string refusal)
    {
        if (admission.Refusal(state, PeerIdentity.Plaintext, client.Address, port, null) is { } denied)
        {
            refusal = denied;
            return null;
        }

        if (BackendsOf(state, port) is not { } backends)
        {
            refusal = "no UDPRoute has the listener";
            return null;
        }

        if (WeightedChoice.Choose(backends, Random.Shared) is not { } backend)
        {
            refusal = "the rule has no backend with a weight";
            return null;
        }

        ImmutableArray<IPEndPoint> endpoints = backend.Invalid is null ? EndpointsOf(state, backend.Target) : [];
        refusal = backend.Invalid?.Reason ?? (endpoints.IsEmpty ? $"service {backend.Target.Service} has no ready endpoint" : "");
        return endpoints.IsEmpty ? null : endpoints[Random.Shared.Next(endpoints.Length)];
    }

    /// <summary>True while a client that was let in to an endpoint would be let in to it again.</summary>
    internal bool Holds(WaypointState state, int port, IPEndPoint client, IPEndPoint endpoint) =>
        admission.Refusal(state, PeerIdentity.Plaintext, client.Address, port, null) is null
        && BackendsOf(state, port) is { } backends
        && backends.Any(b => b is { Weight: > 0, Invalid: null } && EndpointsOf(state, b.Target).Contains(endpoint));

    private static ImmutableArray<WeightedBackend>? BackendsOf(WaypointState state, int port) =>
        state.Gateway?.FindDatagrams(port) is { } at && at.ForStream(state.Routes, at.Listeners[0], null) is { } table
            ? table.MatchTcp(new ConnectionSource { Destination = IPAddress.Any, Port = port })?.Backends
            : null;

    private static ImmutableArray<IPEndPoint> EndpointsOf(WaypointState state, BackendTarget target) =>
    [
        .. state.Snapshot.EndpointsOf(target.Service)
            .Where(w => w is { Health: WorkloadHealth.Healthy, Capacity: > 0, Addresses: not [] } && (state.Self is null || w.Network == state.Self.Network))
            .Select(w => new IPEndPoint(w.Addresses[0], target.Port)),
    ];
}
