using System.IO.Pipelines;
using Ambient.Hbone.Connect;
using Ambient.Hbone.Http2.Frames;
using Ambient.Identity.Tls;

namespace Ambient.Hbone.Relay;

/// <summary>
/// Copies both ways until both have ended, carrying half-close and reset over. A side that breaks ends the other with a reset: RST_STREAM with
/// CONNECT_ERROR for a broken TCP connection (RFC 9113 §8.5), TCP RST for a broken stream.
/// </summary>
public static class StreamRelay
{
    /// <summary>Relays between an application's connection and a tunnel. Ends both, disposes neither. Throws nothing for what the parties do.</summary>
    public static Task<RelayResult> RunAsync(MeshConnection app, HboneStream stream, RelayCounters counters, CancellationToken ct)
    {
        RelayEnds ends = new(app.Abort, () => stream.Reset(ErrorCode.ConnectError));
        stream.OnFault(ends.OnFault);
        return RunAsync(app, stream, ends, counters, ct);
    }

    /// <summary>Relays between two connections without a tunnel (passthrough).</summary>
    public static Task<RelayResult> RunAsync(MeshConnection app, MeshConnection peer, RelayCounters counters, CancellationToken ct) =>
        RunAsync(app, peer, new RelayEnds(app.Abort, peer.Abort), counters, ct);

    /// <summary>Relays between two tunnels, as a waypoint does.</summary>
    public static Task<RelayResult> RunAsync(HboneStream app, HboneStream stream, RelayCounters counters, CancellationToken ct)
    {
        RelayEnds ends = new(() => app.Reset(ErrorCode.ConnectError), () => stream.Reset(ErrorCode.ConnectError));
        app.OnFault(ends.OnAppFault);
        stream.OnFault(ends.OnFault);
        return RunAsync(app, stream, ends, counters, ct);
    }

    /// <summary>Relays between a tunnel and a connection without one.</summary>
    public static Task<RelayResult> RunAsync(HboneStream app, MeshConnection peer, RelayCounters counters, CancellationToken ct)
    {
        RelayEnds ends = new(() => app.Reset(ErrorCode.ConnectError), peer.Abort);
        app.OnFault(ends.OnAppFault);
        return RunAsync(app, peer, ends, counters, ct);
    }

    private static async Task<RelayResult> RunAsync(
        IDuplexPipe app, IDuplexPipe peer, RelayEnds ends, RelayCounters counters, CancellationToken ct)
    {
        await using (ct.UnsafeRegister(static state => ((RelayEnds)state!).Cancel(), ends))
        {
            Task toPeer = ends.WatchAsync(RelayDirection.CopyAsync(app.Input, peer.Output, counters, fromApp: true), appIsReader: true);
            Task toApp = ends.WatchAsync(RelayDirection.CopyAsync(peer.Input, app.Output, counters, fromApp: false), appIsReader: false);
            await toPeer.ConfigureAwait(false);
            await toApp.ConfigureAwait(false);
        }

        return ends.Result;
    }
}
