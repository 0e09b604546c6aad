using System.Diagnostics.CodeAnalysis;
using System.Net;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Hbone.Relay;
using Ambient.Policy;

namespace Ambient.Ztunnel.Connections;

/// <summary>
/// One connection of an application, from before its first check to its last byte. The pipeline fills in what it learns; the
/// registry asks for <see cref="Objection"/> again when the mesh changes.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A token source without timer holds nothing; disposing it would race with Close.")]
internal abstract class TrackedConnection
{
    private readonly CancellationTokenSource _stop = new();
    private string? _closeReason;
    private long _fromAppCounted, _toAppCounted;

    internal abstract Direction Direction { get; }

    /// <summary>Where it came from: the application's or the client's address.</summary>
    internal required IPEndPoint Source { get; init; }

    /// <summary>Where it was going before it was captured; for HBONE inbound what the CONNECT asked for.</summary>
    internal required IPEndPoint? Destination { get; set; }

    /// <summary>Timestamp of the clock, for the duration.</summary>
    internal required long Opened { get; init; }

    internal RelayCounters Counters { get; } = new();

    /// <summary>The pod's own workload.</summary>
    internal Workload? Local { get; set; }

    /// <summary>The workload at the other end, when known.</summary>
    internal Workload? Remote { get; set; }

    internal MeshService? Service { get; set; }

    /// <summary>Verified identity of the other end; null over plaintext.</summary>
    internal SpiffeId? PeerId { get; set; }

    /// <summary>Whom the other end speaks for, being our waypoint; null: for itself.</summary>
    internal SpiffeId? CallerId { get; set; }

    /// <summary>Why it was not believed that it speaks for somebody.</summary>
    internal string? CallerIgnored { get; set; }

    /// <summary>The tunnel's own endpoint at the other side, outbound.</summary>
    internal IPEndPoint? HboneAddress { get; set; }

    internal Decision? Policy { get; set; }

    /// <summary>Version and cipher of the tunnel's TLS, when there is a tunnel.</summary>
    internal string? Tls { get; set; }

    /// <summary>Counted in the metrics as opened.</summary>
    internal Telemetry.TcpSeries? Series { get; set; }

    /// <summary>Why it failed or was closed from here; null while all is well.</summary>
    internal string? Error { get; set; }

    internal string Flags { get; set; } = ResponseFlags.None;

    /// <summary>Cancelled by <see cref="Close"/>.</summary>
    internal CancellationToken Stop => _stop.Token;

    internal string? CloseReason => Volatile.Read(ref _closeReason);

    /// <summary>Why this connection may not go on in this mesh, or null. Pure; from the registry's thread.</summary>
    internal abstract string? Objection(MeshSnapshot snapshot);

    /// <summary>True when a change of these keys can matter to <see cref="Objection"/>.</summary>
    internal virtual bool ConcernedBy(MeshChange change) => change.ConcernsEverybody
        || change.TouchesWorkload(Local) || change.TouchesWorkload(Remote) || change.TouchesService(Service)
        || change.TouchesAddress(Source.Address);

    /// <summary>Ends it with RST; the first reason stands.</summary>
    internal void Close(string reason)
    {
        if (Interlocked.CompareExchange(ref _closeReason, reason, null) is null)
        {
            _stop.Cancel();
        }
    }

    /// <summary>Bytes relayed since this was last asked; each byte is told once, to one caller.</summary>
    internal (long FromApp, long ToApp) TakeBytes()
    {
        lock (_stop)
        {
            (long FromApp, long ToApp) fresh = (Counters.FromApp - _fromAppCounted, Counters.ToApp - _toAppCounted);
            _fromAppCounted += fresh.FromApp;
            _toAppCounted += fresh.ToApp;
            return fresh;
        }
    }
}
