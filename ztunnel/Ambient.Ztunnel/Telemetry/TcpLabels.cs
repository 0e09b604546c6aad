using Ambient.Core.Identity;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Ztunnel.Connections;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>What the <c>istio_tcp_*</c> series of a connection are told apart by (reference 5.1). By reference where it can be: the
/// same workload is the same object until it changes, and equal text is merged when rendered.</summary>
internal readonly record struct TcpLabels(
    Direction Direction,
    Workload? Source,
    SpiffeId? SourceId,
    Workload? Destination,
    SpiffeId? DestinationId,
    MeshService? Service,
    bool MutualTls,
    string Flags)
{
    internal static TcpLabels Of(TrackedConnection c)
    {
        bool outbound = c.Direction == Direction.Outbound;
        SpiffeId? own = c.PeerId is null ? null : c.Local?.Identity;
        return new TcpLabels(
            c.Direction,
            outbound ? c.Local : c.Remote,
            outbound ? own : c.PeerId,
            outbound ? c.Remote : c.Local,
            outbound ? c.PeerId : own,
            c.Service,
            c.PeerId is not null,
            c.Flags);
    }

    public bool Equals(TcpLabels other) =>
        Direction == other.Direction && ReferenceEquals(Source, other.Source) && SourceId.Equals(other.SourceId)
        && ReferenceEquals(Destination, other.Destination) && DestinationId.Equals(other.DestinationId)
        && ReferenceEquals(Service, other.Service) && MutualTls == other.MutualTls && Flags == other.Flags;

    public override int GetHashCode() => HashCode.Combine(
        Direction,
        Source is null ? 0 : System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(Source),
        Destination is null ? 0 : System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(Destination),
        Service is null ? 0 : System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(Service),
        MutualTls,
        Flags);
}
