using Ambient.Hbone.Connect;
using Ambient.Identity.Tls;

namespace Ambient.Hbone.Relay;

/// <summary>Copies both ways until both have ended, carrying half-close and reset over.</summary>
public static class StreamRelay
{
    /// <summary>Relays between an application's connection and a tunnel. Ends both, disposes neither. Throws nothing for what the parties do.</summary>
    public static Task<RelayResult> RunAsync(MeshConnection app, HboneStream stream, RelayCounters counters, CancellationToken ct) =>
        throw new NotSupportedException("lands with the HTTP/2 connection");

    /// <summary>Relays between two connections without a tunnel (passthrough).</summary>
    public static Task<RelayResult> RunAsync(MeshConnection app, MeshConnection peer, RelayCounters counters, CancellationToken ct) =>
        throw new NotSupportedException("lands with the HTTP/2 connection");
}
