using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using Ambient.Core.Routes;
using Ambient.Core.Workloads;
using Ambient.Policy;
using Ambient.Routing.Destinations;

namespace Ambient.Cli.Explaining;

/// <summary>Gathers the hops of one connection until it ends.</summary>
internal sealed class Way(Caller from, Target to, string? serverName = null)
{
    private readonly ImmutableArray<Hop>.Builder _hops = ImmutableArray.CreateBuilder<Hop>();

    public Caller From => from;

    public Target To => to;

    /// <summary>Of the TLS handshake, when the connection begins one.</summary>
    public string? ServerName => serverName;

    /// <summary>The tcp or tls rule by which a waypoint chose.</summary>
    public RouteOrigin? Route { get; set; }

    /// <summary>Where a waypoint sends the connection; null where none is on the way.</summary>
    public JsonArray? Backends { get; set; }

    public ImmutableArray<PolicyVerdict> Policies { get; set; } = [];

    public string FromName => from.Pod is { } pod ? PodName(pod) : "outside";

    public static string PodName(Workload pod) => $"{pod.Namespace}/{pod.Name}";

    public static string WaypointName(Workload pod) => $"waypoint {PodName(pod)}";

    public static string ProxyOf(Workload pod) => $"ztunnel of {PodName(pod)}";

    public void Tcp(string source, string destination, IPEndPoint address, string note) =>
        _hops.Add(new Hop(source, destination, Hop.Tcp, address.ToString(), null, null, null, true, note));

    public void Hbone(string source, string destination, Resolution.Tunnel tunnel, Workload client, string note) =>
        _hops.Add(new Hop(
            source, destination, Hop.Hbone, tunnel.GatewayAddress.ToString(), tunnel.Authority, client.Identity.ToString(),
            tunnel.Endpoint?.Identity.ToString(), true, note));

    /// <summary>The connection ends at the last hop.</summary>
    public Explanation End(Outcome outcome, int? status, string reason, MutualTls mtls) =>
        Finish(outcome, status, reason, mtls, completed: false);

    public Explanation Finish(Outcome outcome, int? status, string reason, MutualTls mtls, bool completed = true)
    {
        if (!completed && _hops.Count > 0)
        {
            _hops[^1] = _hops[^1] with { Completed = false };
        }

        return new Explanation(outcome, status, reason, from, to, _hops.ToImmutable(), mtls, Policies, Route, Backends);
    }
}
