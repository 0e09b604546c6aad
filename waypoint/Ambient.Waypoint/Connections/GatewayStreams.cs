using System.Collections.Immutable;
using System.Net;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Hbone.Connect;
using Ambient.Hbone.Relay;
using Ambient.Identity.Tls;
using Ambient.Policy.Requests;
using Ambient.Routing.Choosing;
using Ambient.Routing.Endpoints;
using Ambient.Routing.Matching;
using Ambient.Waypoint.Hosting;
using Ambient.Waypoint.Mesh;
using Ambient.Waypoint.Requests;
using Ambient.Waypoint.Requests.Authorizing;
using Ambient.Waypoint.Upstreams;
using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Connections;

/// <summary>
/// Connections that a gateway passes on by the TLS and TCP rules of a listener: rule, backend by weight, endpoint, relay. Whatever fails or is
/// refused resets the connection.
/// </summary>
internal sealed class GatewayStreams(WaypointContext context, UpstreamDialer dialer)
{
    private readonly ILogger _log = context.Loggers.CreateLogger("ambient.gateway");
    private volatile PolicySets? _policies;

    /// <summary>Returns when both sides have ended; the client's connection stays its owner's.</summary>
    /// <param name="client">Its bytes are what is passed on.</param>
    /// <param name="isTls">They are TLS that is not opened here.</param>
    internal async Task RelayAsync(MeshConnection client, RequestConnection connection, bool isTls, string? serverName, CancellationToken ct)
    {
        try
        {
            WaypointState state = context.Mesh.Current;
            if (Refusal(state, connection, serverName) is { } refusal)
            {
                throw new UpstreamDialException(UpstreamDialFailure.Denied, refusal);
            }

            UpstreamKey key = KeyOf(state, connection, isTls, serverName);
            if (key.Tls?.Invalid is not null || (key.IsTls && !isTls))
            {
                // TLS cannot be begun around bytes here: better refused than sent in the clear.
                throw new UpstreamDialException(UpstreamDialFailure.Invalid, key.Tls!.Invalid ?? "the backend's policy begins TLS, which connections without HTTP do not get here");
            }

            if (await RelayAsync(client, key, ct) != RelayResult.Completed)
            {
                client.Abort();
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            GatewayStreamLog.Failed(_log, connection.Source, connection.Port, e.Message);
            client.Abort();
        }
    }

    // Whom the gateway lets in, as for requests.
    private string? Refusal(WaypointState state, RequestConnection connection, string? serverName)
    {
        PolicySets sets = PolicySets.Of(state.Snapshot, context.Config.Gateway, _policies);
        _policies = sets;
        return ConnectionRouter.Refusal(state.Self is { } self ? sets.ForGateway(self) : sets.ForGateway(context.Config.Gateway.Namespace), new AuthorizationRequest
        {
            Peer = connection.Caller,
            SourceAddress = connection.Source.Address,
            Destination = new IPEndPoint(state.Self?.Addresses is [var own, ..] ? own : IPAddress.Any, connection.Port),
            Method = "",
            Authority = "",
            Path = null,
            IsStream = true,
            ServerName = serverName,
        });
    }

    private async Task<RelayResult> RelayAsync(MeshConnection client, UpstreamKey key, CancellationToken ct)
    {
        if (key.Tunnel is null)
        {
            await using MeshConnection plain = await dialer.ConnectPlainAsync(key, ct);
            RelayResult result = await StreamRelay.RunAsync(client, plain, new RelayCounters(), ct);
            if (result != RelayResult.Completed)
            {
                plain.Abort();
            }

            return result;
        }

        await using HboneStream tunnel = await dialer.OpenAsync(key, null, ct);
        return await StreamRelay.RunAsync(client, tunnel, new RelayCounters(), ct);
    }

    private static UpstreamKey KeyOf(WaypointState state, RequestConnection connection, bool isTls, string? serverName)
    {
        ImmutableArray<WeightedBackend> backends = Backends(state, connection, isTls, serverName)
            ?? throw Refused($"no {(isTls ? "TLS" : "TCP")} route of listener {connection.Listener} takes it{(serverName is null ? "" : $" (server name {serverName})")}");
        WeightedBackend backend = WeightedChoice.Choose(backends, Random.Shared) ?? throw Refused("the rule has no backend with a weight");
        if (backend.Invalid is { } invalid)
        {
            throw Refused($"backend {backend.Target}: {invalid.Reason}");
        }

        MeshService service = state.Snapshot.ServiceByKey(backend.Target.Service) ?? throw Refused($"there is no service {backend.Target.Service}");
        return service.Waypoint is not null ? BoundService.KeyOf(state, service, backend.Target.Port) : ToService(state, service, backend.Target);
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

    private static UpstreamKey ToService(WaypointState state, MeshService service, BackendTarget target)
    {
        BackendPolicy? policy = state.Snapshot.Find<BackendPolicy>(service.Key);
        Subset? subset = target.Subset is null ? null : policy?.SubsetNamed(target.Subset) ?? throw Refused($"service {service.Key} has no subset {target.Subset}");
        TrafficPolicy traffic = policy?.For(target.Port, target.Subset) ?? TrafficPolicy.Default;
        EndpointPlan plan = EndpointPlan.Of(service, state.Snapshot.EndpointsOf(service.Key), target.Port, subset, traffic, state.Self);
        foreach (EndpointGroup group in plan.Groups)
        {
            if (ByWeight([.. group.Endpoints.Where(static e => e.Healthy)]) is { } chosen)
            {
                return UpstreamKeys.To(chosen.Workload, service, chosen.TargetPort) with { Tls = traffic.Tls, Pool = traffic.ConnectionPool };
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
}
