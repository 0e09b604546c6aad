using System.IO.Pipelines;
using System.Net;
using Ambient.Hbone.Connect;
using Ambient.Hbone.Relay;
using Ambient.Identity.Tls;

namespace Ambient.Waypoint.Upstreams;

/// <summary>A connection to an endpoint for bytes that are passed on: a tunnel, plain TCP, or TLS over either where the policy begins it.</summary>
internal sealed class UpstreamStream : IAsyncDisposable
{
    private readonly HboneStream? _tunnel;
    private readonly MeshConnection? _connection;

    private UpstreamStream(HboneStream? tunnel, MeshConnection? connection)
    {
        _tunnel = tunnel;
        _connection = connection;
    }

    internal IDuplexPipe Pipes => _tunnel is { } tunnel ? tunnel : _connection!;

    /// <param name="source">The caller's address, for the endpoint to see; null: unknown.</param>
    /// <exception cref="UpstreamDialException"/>
    internal static async ValueTask<UpstreamStream> OpenAsync(UpstreamDialer dialer, UpstreamKey key, IPEndPoint? source, CancellationToken ct)
    {
        if (key.IsTls)
        {
            return new UpstreamStream(null, await dialer.OpenTlsAsync(key, source, ct));
        }

        return key.Tunnel is not null
            ? new UpstreamStream(await dialer.OpenAsync(key, source, ct), null)
            : new UpstreamStream(null, await dialer.ConnectPlainAsync(key, ct));
    }

    /// <summary>Copies until both have ended.</summary>
    internal async Task RelayAsync(HboneStream app, RelayCounters bytes, CancellationToken ct)
    {
        RelayResult result = _tunnel is not null ? await StreamRelay.RunAsync(app, _tunnel, bytes, ct) : await StreamRelay.RunAsync(app, _connection!, bytes, ct);
        if (result != RelayResult.Completed)
        {
            _connection?.Abort();
        }
    }

    /// <inheritdoc cref="RelayAsync(HboneStream, RelayCounters, CancellationToken)"/>
    internal async Task RelayAsync(MeshConnection app, RelayCounters bytes, CancellationToken ct)
    {
        RelayResult result = _tunnel is not null ? await StreamRelay.RunAsync(app, _tunnel, bytes, ct) : await StreamRelay.RunAsync(app, _connection!, bytes, ct);
        if (result != RelayResult.Completed)
        {
            app.Abort();
            _connection?.Abort();
        }
    }

    public ValueTask DisposeAsync() => _tunnel is { } tunnel ? tunnel.DisposeAsync() : _connection!.DisposeAsync();
}
