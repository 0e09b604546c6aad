using System.Collections.Immutable;
using System.Net;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Policy.Requests;
using Ambient.Routing.Choosing;
using Ambient.Routing.Endpoints;
using Ambient.Routing.Matching;
using Ambient.Waypoint.Mesh;
using Ambient.Waypoint.Requests;
using Ambient.Waypoint.Upstreams;

namespace Ambient.Waypoint.Connections;

/// <summary>
/// Routes, endpoints and policy of a connection that carries no HTTP: TLS rules by server name, else TCP rules, else the service that was
/// addressed; then one of its endpoints by weight; then policy, for which all that only a request has is absent.
/// </summary>
internal sealed class ConnectionRouter
{
    internal ConnectionRoute Route(WaypointState state, RequestConnection connection, bool isTls, string? serverName)
    {
        if (connection.Workload is { } workload)
        {
            return Checked(state, connection, serverName, workload, null, connection.Port, connection.Caller);
        }

        MeshService addressed = connection.Service!;
        (ImmutableArray<WeightedBackend> backends, bool routed) = Backends(state, connection, addressed, isTls, serverName);
        if (!routed)
        {
            return ToService(state, connection, serverName, addressed, connection.Port, null);
        }

        if (WeightedChoice.Choose(backends, Random.Shared) is not { } backend)
        {
            return ConnectionRoute.Refuse("the rule leads nowhere: it has no backend with a weight");
        }

        return backend.Invalid is { } invalid ? ConnectionRoute.Refuse($"backend {backend.Target} is not valid: {invalid}")
            : state.Snapshot.ServiceByKey(backend.Target.Service) is { } service
                ? ToService(state, connection, serverName, service, backend.Target.Port, backend.Target.Subset)
                : ConnectionRoute.Refuse($"there is no service {backend.Target.Service}");
    }

    private static (ImmutableArray<WeightedBackend> Backends, bool Routed) Backends(
        WaypointState state, RequestConnection connection, MeshService addressed, bool isTls, string? serverName)
    {
        string? ns = connection.Caller.VerifiedId?.Namespace;
        if (state.Routes.Mesh(addressed.Hostname.ToLowerInvariant(), connection.Port, ns) is not { } table)
        {
            return ([], false);
        }

        var source = new ConnectionSource
        {
            Destination = connection.Destination?.Address ?? IPAddress.Any,
            Port = connection.Port,
            Namespace = ns,
            Labels = connection.CallerWorkload?.Labels,
        };
        return isTls && table.MatchTls(serverName ?? "", source) is { } tls ? (tls.Backends, true)
            : table.MatchTcp(source) is { } tcp ? (tcp.Backends, true)
            : ([], false);
    }

    private static ConnectionRoute ToService(
        WaypointState state, RequestConnection connection, string? serverName, MeshService service, int port, string? subsetName)
    {
        BackendPolicy? policy = state.Snapshot.Find<BackendPolicy>(service.Key);
        Subset? subset = subsetName is null ? null : policy?.SubsetNamed(subsetName);
        if (subsetName is not null && subset is null)
        {
            return ConnectionRoute.Refuse($"service {service.Key} has no subset {subsetName}");
        }

        TrafficPolicy traffic = policy?.For(port, subsetName) ?? TrafficPolicy.Default;
        EndpointPlan plan = EndpointPlan.Of(service, state.Snapshot.EndpointsOf(service.Key), port, subset, traffic, state.Self);
        foreach (EndpointGroup group in plan.Groups)
        {
            if (ByWeight([.. group.Endpoints.Where(e => e.Healthy)]) is { } chosen)
            {
                return Checked(state, connection, serverName, chosen.Workload, service, chosen.TargetPort, connection.Caller);
            }
        }

        return ConnectionRoute.Refuse($"service {service.Key} port {port}: {plan.WhyNone}");
    }

    private static PlannedEndpoint? ByWeight(ImmutableArray<PlannedEndpoint> endpoints)
    {
        long total = endpoints.Sum(e => (long)e.Workload.Capacity);
        long point = total == 0 ? 0 : Random.Shared.NextInt64(total);
        foreach (PlannedEndpoint endpoint in endpoints)
        {
            point -= endpoint.Workload.Capacity;
            if (point < 0)
            {
                return endpoint;
            }
        }

        return null;
    }

    // Until policies are kept by destination: any policy counts, so that none is lost.
    private static ConnectionRoute Checked(
        WaypointState state, RequestConnection connection, string? serverName, Workload endpoint, MeshService? service, int port, Core.Identity.PeerIdentity caller)
    {
        UpstreamKey key = UpstreamKeys.To(endpoint, service, port) with { Caller = caller };
        RequestDecision decision = RequestPolicySet.Of(state.Snapshot.All<RequestPolicy>().Select(ConnectionPolicies.Of)).Decide(new AuthorizationRequest
        {
            Peer = caller,
            SourceAddress = connection.Source.Address,
            Destination = key.Address ?? new IPEndPoint(IPAddress.Any, port),
            Method = "",
            Authority = "",
            Path = null,
            ServerName = serverName,
        });
        return decision.Allowed ? new ConnectionRoute(key, "") : ConnectionRoute.Refuse($"RBAC: access denied ({decision.Reason})");
    }
}
