using System.Collections.Immutable;
using System.Net;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Hbone.Relay;
using Ambient.Identity.Tls;
using Ambient.Routing.Choosing;
using Ambient.Routing.Endpoints;
using Ambient.Routing.Matching;
using Ambient.Waypoint.Hosting;
using Ambient.Waypoint.Mesh;
using Ambient.Waypoint.Requests;
using Ambient.Waypoint.Telemetry.Metrics;
using Ambient.Waypoint.Upstreams;
using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Connections;

/// <summary>
/// Connections that a gateway passes on by the TLS and TCP rules of a listener: rule, backend by weight, endpoint, relay. Whatever fails or is
/// refused resets the connection.
/// </summary>
internal sealed class GatewayStreams(WaypointContext context, UpstreamDialer dialer, GatewayAdmission admission)
{
    private readonly ILogger _log = context.Loggers.CreateLogger("ambient.gateway");

    /// <summary>Returns when both sides have ended; the client's connection stays its owner's.</summary>
    /// <param name="client">Its bytes are what is passed on.</param>
    /// <param name="isTls">They are TLS that is not opened here.</param>
    internal async Task RelayAsync(MeshConnection client, RequestConnection connection, bool isTls, string? serverName, CancellationToken ct)
    {
        Way? way = null;
        try
        {
            WaypointState state = context.Mesh.Current;
            if (admission.Refusal(state, connection.Caller, connection.Source.Address, connection.Port, serverName) is { } refusal)
            {
                throw new UpstreamDialException(UpstreamDialFailure.Denied, refusal);
            }

            way = WayOf(state, connection, isTls, serverName);
            await using UpstreamStream upstream = await UpstreamStream.OpenAsync(dialer, way.Key, null, ct);
            await RelayAsync(client, upstream, SeriesOf(connection, way), ct);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            SeriesOf(connection, way).CountFailed();
            GatewayStreamLog.Failed(_log, connection.Source, connection.Port, e.Message);
            client.Abort();
        }
    }

    private static async Task RelayAsync(MeshConnection client, UpstreamStream upstream, ConnectionSeries series, CancellationToken ct)
    {
        series.CountOpened();
        var bytes = new RelayCounters();
        try
        {
            await upstream.RelayAsync(client, bytes, ct);
        }
        finally
        {
            series.CountClosed(sent: bytes.ToApp, received: bytes.FromApp);
        }
    }

    private ConnectionSeries SeriesOf(RequestConnection connection, Way? way) =>
        context.Telemetry.Connections.Of(connection.CallerWorkload, connection.Caller.VerifiedId, way?.Service, way?.Endpoint, isGateway: true);

    private Way WayOf(WaypointState state, RequestConnection connection, bool isTls, string? serverName)
    {
        ImmutableArray<WeightedBackend> backends = Backends(state, connection, isTls, serverName)
            ?? throw Refused($"no {(isTls ? "TLS" : "TCP")} route of listener {connection.Listener} takes it{(serverName is null ? "" : $" (server name {serverName})")}");
        WeightedBackend backend = WeightedChoice.Choose(backends, Random.Shared) ?? throw Refused("the rule has no backend with a weight");
        if (backend.Invalid is { } invalid)
        {
            throw Refused($"backend {backend.Target}: {invalid.Reason}");
        }

        MeshService service = state.Snapshot.ServiceByKey(backend.Target.Service) ?? throw Refused($"there is no service {backend.Target.Service}");
        return service.Waypoint is not null && !BoundService.HasAsked(state, service, connection)
            ? new Way(BoundService.KeyOf(state, service, backend.Target.Port), service, null)
            : ToService(state, service, backend.Target);
    }

    private static ImmutableArray<WeightedBackend>? Backends(WaypointState state, RequestConnection connection, bool isTls, string? serverName)
    {
        if (connection.TlsListener is not { } listener || state.Gateway?.Find(connection.Port)?.ForStream(state.Routes, listener, serverName) is not { } table)
        {
            return null;
        }

        ConnectionSource source = new() { Destination = IPAddress.Any, Port = connection.Port };
        return isTls ? table.MatchTls(serverName ?? "", source)?.Backends
            : table.MatchTls(serverName ?? "", source)?.Backends ?? table.MatchTcp(source)?.Backends;
    }

    private Way ToService(WaypointState state, MeshService service, BackendTarget target)
    {
        BackendPolicy? policy = state.Snapshot.Find<BackendPolicy>($"{service.Key}@{context.Config.Gateway.Namespace}") ?? state.Snapshot.Find<BackendPolicy>(service.Key);
        Subset? subset = target.Subset is null ? null : policy?.SubsetNamed(target.Subset) ?? throw Refused($"service {service.Key} has no subset {target.Subset}");
        TrafficPolicy traffic = policy?.For(target.Port, target.Subset) ?? TrafficPolicy.Default;
        EndpointPlan plan = EndpointPlan.Of(service, state.Snapshot.EndpointsOf(service.Key), target.Port, subset, traffic, state.Self);
        foreach (EndpointGroup group in plan.Groups)
        {
            if (ByWeight([.. group.Endpoints.Where(static e => e.Healthy)]) is { } chosen)
            {
                return new Way(UpstreamKeys.To(chosen.Workload, service, chosen.TargetPort) with { Tls = traffic.Tls, TlsHost = traffic.Tls is null ? null : service.Hostname, Pool = traffic.ConnectionPool }, service, chosen.Workload);
            }
        }

        throw Refused($"service {service.Key} port {target.Port}: {plan.WhyNone}");
    }

    private static PlannedEndpoint? ByWeight(ImmutableArray<PlannedEndpoint> endpoints)
    {
        long point = endpoints.Sum(static e => (long)e.Workload.Capacity) is > 0 and var total ? Random.Shared.NextInt64(total) : 0;
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

    private static UpstreamDialException Refused(string reason) => new(UpstreamDialFailure.Invalid, reason);

    /// <param name="Endpoint">Null: whoever the service's waypoint chooses.</param>
    private sealed record Way(UpstreamKey Key, MeshService Service, Workload? Endpoint);
}
