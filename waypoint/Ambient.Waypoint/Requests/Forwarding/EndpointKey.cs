using Ambient.Core.Identity;
using Ambient.Core.Workloads;
using Ambient.Waypoint.Upstreams;
using Ambient.Waypoint.Upstreams.Clusters;

namespace Ambient.Waypoint.Requests.Forwarding;

/// <summary>Which connections may carry an attempt.</summary>
internal static class EndpointKey
{
    public static UpstreamKey Of(Exchange x, ClusterState state, ClusterEndpoint endpoint, bool http2)
    {
        PeerIdentity caller = x.Connection.Caller;
        if (state is { BehindOther: true, Service: { } bound } && !BoundService.HasAsked(x.State, bound, x.Connection))
        {
            return BoundService.KeyOf(x.State, bound, x.Cluster!.Key.Port) with { Caller = caller, Http2 = http2 };
        }

        string? host = state.Policy.Tls is { ServerName: null } ? x.Host : null;
        bool anyHost = endpoint.Workload.Hostname.StartsWith('*');
        if (!anyHost && endpoint.LastKey is { } last && last.Http2 == http2 && ReferenceEquals(last.Pool, state.Policy.ConnectionPool)
            && ReferenceEquals(last.Tls, state.Policy.Tls) && string.Equals(last.TlsHost, host, StringComparison.Ordinal)
            && last.Caller.Equals(caller))
        {
            return last;
        }

        Workload workload = endpoint.Workload;
        UpstreamKey key = UpstreamKeys.To(workload, state.Service, endpoint.Port, x.Host) with
        {
            Caller = caller,
            Http2 = http2,
            Tls = state.Policy.Tls,
            TlsHost = host,
            Pool = state.Policy.ConnectionPool,
        };
        endpoint.Remember(key, workload);
        return key;
    }
}
