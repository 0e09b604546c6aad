using Ambient.Core.Identity;
using Ambient.Identity.Renewal;
using Ambient.Policy.Tokens;
using Ambient.Proxy.Hosting;
using Ambient.Proxy.Telemetry;
using Ambient.Waypoint.Admin;
using Ambient.Waypoint.Authorization;
using Ambient.Waypoint.Connections;
using Ambient.Waypoint.Draining;
using Ambient.Waypoint.Listening;
using Ambient.Waypoint.Listening.Gateways;
using Ambient.Waypoint.Listening.Gateways.Datagrams;
using Ambient.Waypoint.Mesh;
using Ambient.Waypoint.Requests;
using Ambient.Waypoint.Telemetry.Metrics;
using Ambient.Waypoint.Requests.Forwarding;
using Ambient.Waypoint.Requests.Limiting.Sharing;
using Ambient.Waypoint.Tokens;
using Ambient.Waypoint.Upstreams;
using Ambient.Waypoint.Upstreams.Clusters;
using Ambient.Waypoint.Upstreams.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Ambient.Waypoint.Hosting;

/// <summary>
/// The process from start to end:
/// <list type="number">
/// <item>configuration and certificate are followed, admin ports answer;</item>
/// <item>once the mesh is known, tunnels are taken; with the certificate it is ready;</item>
/// <item>at SIGTERM: not ready, peers are told to go elsewhere, requests get the drain time.</item>
/// </list>
/// </summary>
internal sealed class WaypointNode : IAsyncDisposable
{
    private readonly WaypointParts _parts;
    private readonly WaypointReadiness _readiness;
    private readonly WaypointPorts _ports;
    private readonly UpstreamDialer _dialer;
    private readonly UpstreamPools _pools;
    private readonly ServiceProvider _forwarding;
    private readonly ClusterSet _clusters;
    private readonly HealthProbes _probes;
    private readonly KeyTransport _keyTransport;
    private readonly RemoteKeys _keys;
    private readonly FrontApplication _application;
    private readonly FrontServer _front;
    private readonly TunnelConnections _connections;
    private readonly Drain _drain;
    private readonly PeerTunnels _replicas;
    private readonly TunnelHandler _tunnels;
    private readonly TunnelListener _listener;
    private readonly GatewayConnections _gatewayConnections;
    private readonly GatewaySockets _gateway;
    private readonly CancellationTokenSource _stop = new();
    private Task _following = Task.CompletedTask;

    internal WaypointNode(WaypointParts parts, LineLogger loggers)
    {
        _parts = parts;
        WaypointContext context = parts.Context;
        _readiness = new WaypointReadiness(context.Mesh, HasCertificate);
        _dialer = new UpstreamDialer(context);
        _pools = new UpstreamPools(_dialer, context.Time);
        _forwarding = new ServiceCollection().AddSingleton<ILoggerFactory>(new FrontLoggers(loggers)).AddLogging().AddHttpForwarder().BuildServiceProvider();
        _clusters = new ClusterSet(context.Config.PodNamespace, context.Time, Random.Shared);
        var ejections = new EjectionLog(loggers.CreateLogger("ambient.endpoints"));
        _probes = new HealthProbes(_clusters, _pools.For, _dialer, () => new PeerIdentity.Verified(context.Identity), ejections, context.Time);
        var calls = new OwnCalls(() => context.Mesh.Current, context.Config.Gateway);
        _keyTransport = new KeyTransport(calls, _pools);
        _keys = new RemoteKeys(context.Config.Gateway, _keyTransport, new KeyTimes(), context.Time, loggers.CreateLogger("ambient.tokens"));
        SharedLimits = new SharedLimits(
            () => context.Mesh.Current, context.Config.Gateway, () => context.Identity, (replica, ct) => _dialer.DialAsync(PeerTunnels.KeyOf(context, replica), ct), context.Time, Random.Shared);
        _replicas = new PeerTunnels(context, SharedLimits);
        _application = new FrontApplication(new RequestPipeline(new PipelineParts
        {
            State = () => context.Mesh.Current,
            Gateway = context.Config.Gateway,
            Identity = () => context.Identity,
            Clusters = _clusters,
            Forward = new ForwardParts
            {
                Forwarder = _forwarding.GetRequiredService<IHttpForwarder>(),
                Invokers = _pools.For,
                Ejections = ejections,
                Time = context.Time,
                Random = Random.Shared,
            },
            Tokens = new TokenCheck(_keys, context.Time),
            Providers = new AuthorizationProviders(() => context.Mesh.Current.Snapshot, calls, _pools.For, context.Time, loggers.CreateLogger("ambient.authorization")),
            SharedLimits = SharedLimits,
            Telemetry = context.Telemetry,
            Time = context.Time,
            Random = Random.Shared,
            Log = loggers.CreateLogger("ambient.requests"),
        }));
        _ports = new WaypointPorts(
            context.Config, _readiness,
            new MetricsPage(context.Telemetry.Render, text => UpstreamMetrics.Render(text, _clusters, _pools), text => SharedLimitMetrics.Render(text, SharedLimits), RenderDatagrams),
            new ConfigDump(context, parts.Svids, _clusters, _pools), context.Time);
        _front = new FrontServer(_application, loggers);
        _connections = new TunnelConnections(context, _front, new PassThrough(context, new ConnectionRouter(_clusters, context.Config.Gateway), _dialer));
        _drain = new Drain(context, _front, _application, _connections, loggers.CreateLogger("ambient.drain"));
        var admission = new GatewayAdmission(context);
        _gatewayConnections = new GatewayConnections(context, _front, new GatewayStreams(context, _dialer, admission));
        _tunnels = new TunnelHandler(context, _connections, new GatewayTunnels(context, _gatewayConnections), _replicas);
        _listener = new TunnelListener(context, _tunnels);
        _gateway = new GatewaySockets(context, _gatewayConnections, new DatagramRoutes(context, admission), new DatagramLimits());
        context.Mesh.Changed += WatchIdentity;
        context.Mesh.Changed += FollowClusters;
        context.Mesh.Changed += FollowKeys;
    }

    internal SharedLimits SharedLimits { get; }

    internal async Task StartAsync()
    {
        _ports.Start();
        _parts.MeshKeeper.Start();
        _parts.CertificateKeeper?.Start();
        _following = _parts.Source.RunAsync(_stop.Token);
        await _front.StartAsync(_stop.Token);
        await _parts.Context.Mesh.WhenReady;
        _listener.Start();
        _gateway.Start();
        _readiness.MarkStarted();
    }

    /// <summary>Lets requests end, at most for the drain time.</summary>
    internal Task DrainAsync()
    {
        _readiness.MarkLeaving();
        return _drain.RunAsync(_listener, _tunnels, _gateway, _gatewayConnections);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _listener.DisposeAsync();
        await _gateway.DisposeAsync();
        await _gatewayConnections.CutAsync();
        await _connections.LeaveAsync();
        await _connections.CutAsync();
        await _front.DisposeAsync();
        _connections.Dispose();
        await _following;
        await _parts.Context.Mesh.StopAsync();
        await _parts.MeshKeeper.StopAsync(write: true);
        if (_parts.CertificateKeeper is { } certificates)
        {
            await certificates.StopAsync(write: true);
        }

        await _replicas.DisposeAsync();
        await _ports.DisposeAsync();
        await _probes.DisposeAsync();
        await _keys.DisposeAsync();
        _keyTransport.Dispose();
        await _pools.DisposeAsync();
        await _dialer.DisposeAsync();
        await _parts.Svids.DisposeAsync();
        await _forwarding.DisposeAsync();
        await _parts.Context.Telemetry.DisposeAsync();
        _gatewayConnections.Dispose();
    }

    // The trust domain comes with the mesh's settings, and with it the identity.
    private void WatchIdentity(WaypointState state) => _parts.Svids.Watch(_parts.Context.Config.Identity(state.Snapshot.Settings.TrustDomain));

    private void FollowClusters(WaypointState state) => _clusters.Follow(state.Snapshot, state.Self);

    private void FollowKeys(WaypointState state) => _keys.Follow(state.Snapshot);

    internal void RenderDatagrams(PrometheusText text) => DatagramMetrics.Render(text, _gateway.Datagrams);

    private bool HasCertificate()
    {
        SpiffeId id = _parts.Context.Identity;
        return _parts.Svids.Status.Any(s => s.Id == id && s.State == SvidState.Available);
    }
}
