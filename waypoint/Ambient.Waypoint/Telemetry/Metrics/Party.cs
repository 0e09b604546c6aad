using Ambient.Core.Identity;
using Ambient.Core.Workloads;

namespace Ambient.Waypoint.Telemetry.Metrics;

/// <summary>
/// One side of requests as labels name it: what all pods of a Deployment have in common. There is one object for equal content
/// (<see cref="Parties"/>), so that sameness is a comparison of references.
/// </summary>
/// <param name="Workload">Name of the Deployment or the like.</param>
/// <param name="Principal">SPIFFE id; empty for a party without mutual TLS.</param>
internal sealed record Party(string Workload, string Namespace, string Canonical, string Revision, string Cluster, string Principal)
{
    internal static Party Unknown { get; } = new("", "", "", "", "", "");

    internal static Party Of(Workload? workload, SpiffeId? id) => workload is null
        ? Unknown with { Principal = id?.ToString() ?? "" }
        : new Party(
            workload.WorkloadName.Length > 0 ? workload.WorkloadName : workload.Name, workload.Namespace, workload.CanonicalName,
            workload.CanonicalRevision, workload.ClusterId, id?.ToString() ?? "");
}
