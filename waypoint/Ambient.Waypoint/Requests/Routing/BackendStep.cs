using System.Net;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Routing.Balancers;
using Ambient.Routing.Choosing;
using Ambient.Waypoint.Requests.Answering;
using Ambient.Waypoint.Upstreams.Clusters;

namespace Ambient.Waypoint.Requests.Routing;

/// <summary>
/// Where the request goes: the backend by weight and, of its endpoints, the one for the first attempt. Policies of an endpoint are asked about that
/// endpoint, so it is chosen before they are.
/// </summary>
internal sealed class BackendStep(ClusterSet clusters, Random random)
{
    /// <summary>Null: there is a backend; whether it has an endpoint is <see cref="Exchange.NoEndpoint"/>.</summary>
    public OwnReply? Choose(Exchange x)
    {
        if (x.Rule.Action is not RouteAction.Forward forward)
        {
            return null;
        }

        if (ClusterOf(x, forward) is not { } cluster)
        {
            return x.Backend?.Invalid is { } invalid
                ? new OwnReply(invalid.Status, ReasonCodes.RouteFails, invalid.Reason, ResponseFlags.NoClusterFound)
                : new OwnReply(500, ReasonCodes.RouteFails, "the rule's weights sum to 0", ResponseFlags.NoClusterFound);
        }

        ClusterState state = cluster.Follow(x.State.Snapshot, x.State.Self);
        x.Cluster = cluster;
        x.ClusterState = state;
        x.Record.Backend = x.Backend?.Target;
        x.Record.Cluster = cluster.Key;
        if (x.IsGateway)
        {
            x.Service = x.Record.Service = state.Service;
        }

        if (state.Missing is { } missing)
        {
            return new OwnReply(503, ReasonCodes.NoSuchBackend, missing, ResponseFlags.NoClusterFound);
        }

        Hash(x, state);
        x.Endpoint = AskedFor(x, state) ?? state.Choose(x.Hash, tried: null);
        if (x.Endpoint is null)
        {
            x.NoEndpoint = NoEndpoint(state);
        }

        return null;
    }

    /// <summary>Nobody can be asked (any more).</summary>
    public static OwnReply NoEndpoint(ClusterState state)
    {
        string ejected = state.Outliers?.Ejected is > 0 and int out_ ? $" ({out_} ejected)" : "";
        return new OwnReply(503, ReasonCodes.NoHealthyEndpoint, state.Plan.WhyNone + ejected, ResponseFlags.NoHealthyUpstream);
    }

    private Cluster? ClusterOf(Exchange x, RouteAction.Forward forward)
    {
        if (ReferenceEquals(x.Rule, StraightRule.Instance))
        {
            return x.Connection.Service is { } service ? clusters.ForService(service.Key, x.Connection.Port, null)
                : x.Connection.Workload is { } workload ? clusters.ForWorkload(workload.Uid, x.Connection.Port)
                : null;
        }

        x.Backend = WeightedChoice.Choose(forward.Backends, random);
        return x.Backend is not { Invalid: null } backend
            ? null
            : clusters.ForService(backend.Target.Service, backend.Target.Port, backend.Target.Subset);
    }

    private void Hash(Exchange x, ClusterState state)
    {
        if (state.Policy.LoadBalancer is { HashKey: { } key, Kind: LoadBalancerKind.RingHash or LoadBalancerKind.Maglev })
        {
            RequestHash hash = RequestHash.Of(key, x.Facts, x.Connection.Source.Address, random);
            x.Hash = hash.Hash;
            if (hash.SetCookie is { } cookie)
            {
                x.Answer("set-cookie", cookie);
            }
        }
    }

    // PASSTHROUGH: the caller chose by the address that it connected to.
    private static ClusterEndpoint? AskedFor(Exchange x, ClusterState state)
    {
        if (state.Policy.LoadBalancer.Kind != LoadBalancerKind.Passthrough && state.Service?.Balancing.Mode != BalancingMode.Passthrough)
        {
            return null;
        }

        IPAddress? asked = x.Connection.Destination?.Address;
        return asked is null ? null : state.Endpoints.Values.FirstOrDefault(e => e.Address?.Address.Equals(asked) == true);
    }
}
