using System.Runtime.CompilerServices;
using Ambient.Waypoint.Requests;

namespace Ambient.Waypoint.Telemetry.Metrics;

/// <summary>What series of requests are told apart by: references to what there is one object of each, and small numbers. Nothing is made for it.</summary>
internal readonly struct SeriesKey : IEquatable<SeriesKey>
{
    internal required Party Source { get; init; }

    internal required Party Destination { get; init; }

    internal required ServiceName Service { get; init; }

    /// <summary>What Telemetry resources change about labels; null: nothing.</summary>
    internal LabelPlan? Plan { get; init; }

    /// <summary>Values for it, of this request.</summary>
    internal PlanValues? Values { get; init; }

    internal ResponseFlags Flags { get; init; }

    internal short Status { get; init; }

    /// <summary>-1 for none.</summary>
    internal short GrpcStatus { get; init; }

    internal bool IsGrpc { get; init; }

    internal bool IsGateway { get; init; }

    internal bool MutualTls { get; init; }

    public bool Equals(SeriesKey other) =>
        ReferenceEquals(Source, other.Source) && ReferenceEquals(Destination, other.Destination) && ReferenceEquals(Service, other.Service)
        && ReferenceEquals(Plan, other.Plan) && ReferenceEquals(Values, other.Values)
        && Flags == other.Flags && Status == other.Status && GrpcStatus == other.GrpcStatus
        && IsGrpc == other.IsGrpc && IsGateway == other.IsGateway && MutualTls == other.MutualTls;

    public override bool Equals(object? obj) => obj is SeriesKey other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(
        RuntimeHelpers.GetHashCode(Source), RuntimeHelpers.GetHashCode(Destination), RuntimeHelpers.GetHashCode(Service),
        RuntimeHelpers.GetHashCode(Values), (uint)Flags, Status, GrpcStatus);
}
