using System.Collections.Immutable;
using System.Net;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Policy;
using Ambient.Policy.Requests;
using Ambient.Routing.Choosing;
using Ambient.Routing.Matching;
using Ambient.Waypoint.Mesh;
using Ambient.Waypoint.Requests;
using Ambient.Waypoint.Requests.Authorizing;
using Ambient.Waypoint.Upstreams;
using Ambient.Waypoint.Upstreams.Clusters;

namespace Ambient.Waypoint.Connections;

/// <summary>
/// Routes, endpoints and policy of a connection that carries no HTTP: TLS rules by server name, else TCP rules, else what was addressed; then
/// an endpoint, of those that requests are balanced over too; then the policies of what was addressed and of the endpoint, of which what looks at
/// requests allows nothing and denies what it could mean (<see cref="AuthorizationRequest.IsStream"/>).
/// </summary>
internal sealed class ConnectionRouter(ClusterSet clusters, NamespacedName gateway)
{
    private volatile PolicySets? _policies;

    internal ConnectionRoute Route(WaypointState state, RequestConnection connection, bool isTls, string? serverName)
    {
        if (connection.Workload is { } workload)
        {
            return ToCluster(state, connection, serverName, clusters.ForWorkload(workload.Uid, connection.Port), null);
        }

        MeshService addressed = connection.Service!;
        BackendTarget target = new(addressed.Key, addressed.Namespace, addressed.Name, connection.Port);
        if (Backends(state, connection, addressed, isTls, serverName) is { } backends)
        {
            if (WeightedChoice.Choose(backends, Random.Shared) is not { } chosen)
            {
                return ConnectionRoute.Refuse("the rule leads nowhere: it has no backend with a weight");
            }

            if (chosen.Invalid is { } invalid)
            {
                return ConnectionRoute.Refuse($"backend {chosen.Target} is not valid: {invalid.Reason}");
            }

            target = chosen.Target;
        }

        if (state.Snapshot.ServiceByKey(target.Service) is { Waypoint: not null } bound && !WaypointGate.IsBound(state.Snapshot, gateway, bound))
        {
            return Checked(state, connection, serverName, null, BoundService.KeyOf(state, bound, target.Port));
        }

        return ToCluster(state, connection, serverName, clusters.ForService(target.Service, target.Port, target.Subset), target);
    }

    private static ImmutableArray<WeightedBackend>? Backends(
        WaypointState state, RequestConnection connection, MeshService addressed, bool isTls, string? serverName)
    {
        string? ns = connection.Caller.VerifiedId?.Namespace;
        if (state.Routes.Mesh(addressed.Hostname.ToLowerInvariant(), connection.Port, ns) is not { } table)
        {
            return null;
        }

        var source = new ConnectionSource
        {
            Destination = connection.Destination?.Address ?? IPAddress.Any,
            Port = connection.Port,
            Namespace = ns,
            Labels = connection.CallerWorkload?.Labels,
        };
        return (isTls ? table.MatchTls(serverName ?? "", source)?.Backends : null) ?? table.MatchTcp(source)?.Backends;
    }

    private ConnectionRoute ToCluster(WaypointState state, RequestConnection connection, string? serverName, Cluster cluster, BackendTarget? target)
    {
        ClusterState known = cluster.Follow(state.Snapshot, state.Self);
        if (known.Missing is { } missing)
        {
            return ConnectionRoute.Refuse(missing);
        }

        if (known.Choose(hash: null, tried: null) is not { } endpoint)
        {
            return ConnectionRoute.Refuse($"{target?.ToString() ?? cluster.Key.ToString()}: {known.Plan.WhyNone}");
        }

        // A connection says nothing of how well an endpoint answers.
        known.Outliers?.Forget(endpoint.Id);
        UpstreamKey key = UpstreamKeys.To(endpoint.Workload, target is null ? null : known.Service, endpoint.Port) with
        {
            Tls = known.Policy.Tls,
            TlsHost = known.Policy.Tls is null ? null : known.Service?.Hostname,
            Pool = known.Policy.ConnectionPool,
        };
        return Checked(state, connection, serverName, endpoint, key, target?.Service);
    }

    private ConnectionRoute Checked(WaypointState state, RequestConnection connection, string? serverName, ClusterEndpoint? endpoint, UpstreamKey key, string? backend = null)
    {
        PolicySets policies = PolicySets.Of(state.Snapshot, gateway, _policies);
        _policies = policies;
        PeerIdentity caller = connection.Caller;
        var request = new AuthorizationRequest
        {
            Peer = caller,
            SourceAddress = connection.Source.Address,
            Destination = endpoint?.Address ?? connection.Destination ?? new IPEndPoint(IPAddress.Any, connection.Port),
            Method = "",
            Authority = "",
            Path = null,
            IsStream = true,
            ServerName = serverName,
        };
        if (connection.Service is { } addressed && Refusal(policies.For(addressed), request) is { } atService)
        {
            return ConnectionRoute.Refuse(atService);
        }

        return endpoint is not null && Refusal(policies.For(backend, endpoint.Workload), request) is { } atEndpoint
            ? ConnectionRoute.Refuse(atEndpoint)
            : new ConnectionRoute(key with { Caller = caller }, "") { Endpoint = endpoint?.Workload };
    }

    // A provider cannot be asked about a connection: what it would have been asked about is refused.
    internal static string? Refusal(DestinationPolicies policies, AuthorizationRequest request) =>
        policies.Requests.ProvidersFor(request) is [var provider, ..] ? $"authorization provider {provider} cannot be asked about a connection that carries no HTTP"
        : policies.Requests.Decide(request) is { Allowed: false } decision ? $"RBAC: access denied ({decision.Reason})" : null;
}
