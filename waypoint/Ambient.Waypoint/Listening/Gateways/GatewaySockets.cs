using System.Net.Sockets;
using Ambient.Core.Gateways;
using Ambient.Proxy.Hosting;
using Ambient.Routing.Gateways;
using Ambient.Waypoint.Connections;
using Ambient.Waypoint.Hosting;
using Ambient.Waypoint.Listening.Gateways.Datagrams;
using Ambient.Waypoint.Mesh;
using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Listening.Gateways;

/// <summary>
/// Keeps one listening socket open for each port of the gateway's configuration, and no other. A port that is taken is tried again until it is
/// free or no longer asked for. What a connection meets is decided by the configuration at the time when it comes.
/// </summary>
internal sealed class GatewaySockets : IAsyncDisposable
{
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(2);

    private readonly WaypointContext _context;
    private readonly GatewayConnections _connections;
    private readonly DirtyLoop _loop;
    private readonly ILogger _log;
    private readonly DatagramRoutes _datagrams;
    private readonly DatagramLimits _limits;
    private readonly DatagramBudget _budget;
    private readonly Dictionary<(int Port, bool Datagrams), IAsyncDisposable> _open = [];
    private readonly HashSet<(int Port, bool Datagrams)> _failed = [];
    private readonly CancellationTokenSource _stop = new();
    private volatile bool _started;
    private GatewayConfig? _known;

    internal GatewaySockets(WaypointContext context, GatewayConnections connections, DatagramRoutes datagrams, DatagramLimits limits)
    {
        _context = context;
        _datagrams = datagrams;
        _limits = limits;
        _budget = new DatagramBudget(limits.Most);
        _connections = connections;
        _log = context.Loggers.CreateLogger("ambient.gateway");
        _loop = new DirtyLoop(ReconcileAsync);
        context.Mesh.Changed += OnChanged;
    }

    /// <summary>UDP ports that are open.</summary>
    internal IReadOnlyList<DatagramSocket> Datagrams
    {
        get
        {
            lock (_open)
            {
                return [.. _open.Values.OfType<DatagramSocket>().OrderBy(static s => s.Port)];
            }
        }
    }

    internal void Start()
    {
        _started = true;
        _loop.Wake();
    }

    /// <summary>No more connections; those that are open stay.</summary>
    internal async Task StopAcceptingAsync()
    {
        _context.Mesh.Changed -= OnChanged;
        await _loop.StopAsync();
        foreach (IAsyncDisposable socket in _open.Values)
        {
            await socket.DisposeAsync();
        }

        lock (_open)
        {
            _open.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await StopAcceptingAsync();
        _stop.Dispose();
    }

    private void OnChanged(WaypointState state)
    {
        if (_started && !ReferenceEquals(state.Gateway?.Config, _known))
        {
            _loop.Wake();
        }
    }

    private async Task ReconcileAsync()
    {
        WaypointState state = _context.Mesh.Current;
        _known = state.Gateway?.Config;
        Dictionary<(int Port, bool Datagrams), GatewayPort> wanted = (state.Gateway?.All ?? []).Where(p => p.Kind != GatewayPortKind.Hbone)
            .Concat(state.Gateway?.Datagrams ?? []).ToDictionary(KeyOf);
        foreach ((int Port, bool Datagrams) gone in _open.Keys.Where(p => !wanted.ContainsKey(p)).ToList())
        {
            await _open[gone].DisposeAsync();
            lock (_open)
            {
                _open.Remove(gone);
            }

            GatewayLog.Closed(_log, gone.Port);
        }

        _failed.IntersectWith(wanted.Keys);
        foreach (GatewayPort port in wanted.Values.Where(p => !_open.ContainsKey(KeyOf(p))))
        {
            Open(port);
        }

        Http3Notice.Check(_log, wanted.Values);
        if (_failed.Count > 0)
        {
            _ = AgainAsync();
        }
    }

    private void Open(GatewayPort port)
    {
        try
        {
            IAsyncDisposable socket = port.Kind == GatewayPortKind.Udp
                ? new DatagramSocket(_context, port.Number, _datagrams, _limits, _budget)
                : new GatewaySocket(_context, port.Number, _connections);
            lock (_open)
            {
                _open[KeyOf(port)] = socket;
            }

            _failed.Remove(KeyOf(port));
            GatewayLog.Opened(_log, port.Number, port.Kind);
        }
        catch (SocketException e)
        {
            if (_failed.Add(KeyOf(port)))
            {
                GatewayLog.NotOpened(_log, port.Number, e.Message);
            }
        }
    }

    private static (int Port, bool Datagrams) KeyOf(GatewayPort port) => (port.Number, port.Kind == GatewayPortKind.Udp);

    private async Task AgainAsync()
    {
        try
        {
            await Task.Delay(s_retry, _context.Time, _stop.Token);
            _loop.Wake();
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }
    }
}
