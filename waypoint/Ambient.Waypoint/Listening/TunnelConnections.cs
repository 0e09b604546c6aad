using System.Collections.Concurrent;
using Ambient.Core.Services;
using Ambient.Hbone.Connect;
using Ambient.Hbone.Http2.Frames;
using Ambient.Waypoint.Connections;
using Ambient.Waypoint.Hosting;
using Ambient.Waypoint.Requests;
using Ambient.Waypoint.Upstreams;

namespace Ambient.Waypoint.Listening;

/// <summary>
/// Whether a connection is HTTP, and which: its port says, or its first bytes do. Where the port says nothing and the client is silent, the
/// server is connected, so that a protocol in which the server speaks first does not wait; a client that speaks HTTP after all is still
/// served as HTTP.
/// </summary>
internal sealed class TunnelConnections(WaypointContext context, FrontServer front, IPassThrough passThrough) : IDisposable
{
    private static readonly TimeSpan s_silence = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<FrontConnection, byte> _http2 = new();
    private readonly CancellationTokenSource _leaving = new();
    private readonly CancellationTokenSource _cut = new();

    /// <summary>Connections on which nothing was asked yet end; those of HTTP/2 are told to take their next requests elsewhere.</summary>
    internal async Task LeaveAsync()
    {
        await _leaving.CancelAsync();
        foreach (FrontConnection connection in _http2.Keys)
        {
            connection.AskToLeave();
        }
    }

    /// <summary>Connections that are passed on end now.</summary>
    internal Task CutAsync() => _cut.CancelAsync();

    public void Dispose()
    {
        _leaving.Dispose();
        _cut.Dispose();
    }

    /// <summary>Returns when the connection has ended; the stream stays the caller's.</summary>
    internal async Task ServeAsync(HboneStream stream, RequestConnection request)
    {
        switch (request.Protocol)
        {
            case AppProtocol.Tcp:
                await passThrough.RelayAsync(stream, request, isTls: false, null, _cut.Token);
                return;
            case AppProtocol.Tls:
                await ServeTlsAsync(stream, request);
                return;
            case AppProtocol.Unknown:
                await ServeUnknownAsync(stream, request);
                return;
            default:
                Opening opening = await Opening.ReadAsync(stream.Input, _leaving.Token);
                await ServeHttpAsync(stream, request, opening);
                return;
        }
    }

    private async Task ServeUnknownAsync(HboneStream stream, RequestConnection request)
    {
        using Patience silence = Wait(s_silence);
        Opening opening = await Opening.ReadAsync(stream.Input, silence.Token);
        if (opening is { Spoken: Spoken.Undecided, Ended: false } && !_leaving.IsCancellationRequested)
        {
            using Patience patience = Wait(context.Mesh.Current.Defaults.DetectTime ?? context.Config.DetectTime);
            if (await passThrough.RelayIfServerSpeaksAsync(stream, request, patience.Token, _cut.Token))
            {
                return;
            }

            opening = await Opening.ReadAsync(stream.Input, patience.Token);
        }

        if (opening.Spoken is Spoken.Http1 or Spoken.Http2)
        {
            await ServeHttpAsync(stream, request, opening);
            return;
        }

        await passThrough.RelayAsync(stream, request, opening.Spoken == Spoken.Tls, opening.ServerName, _cut.Token);
    }

    private async Task ServeTlsAsync(HboneStream stream, RequestConnection request)
    {
        using Patience patience = Wait(context.Mesh.Current.Defaults.DetectTime ?? context.Config.DetectTime);
        Opening opening = await Opening.ReadAsync(stream.Input, patience.Token);
        await passThrough.RelayAsync(stream, request, opening.Spoken == Spoken.Tls, opening.ServerName, _cut.Token);
    }

    // What is no HTTP on a port for HTTP is Kestrel's to refuse with 400: passed on it would be past all rules for requests.
    private async Task ServeHttpAsync(HboneStream stream, RequestConnection request, Opening opening)
    {
        if (opening.Spoken == Spoken.Undecided && (opening.Ended || _leaving.IsCancellationRequested))
        {
            return;
        }

        var connection = new FrontConnection(stream, request, request.Destination, () => stream.Reset(ErrorCode.Cancel));
        stream.OnFault(_ => connection.OnLost());
        bool http2 = opening.Spoken == Spoken.Http2;
        if (http2)
        {
            _http2.TryAdd(connection, 0);
        }

        await front.ServeAsync(connection, http2);
        _http2.TryRemove(connection, out _);
        await StreamEnd.FinishAsync(stream, context.Time);
    }

    private Patience Wait(TimeSpan time) => new(time, context.Time, _leaving.Token);
}
