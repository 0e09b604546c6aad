using System.Collections.Immutable;
using Ambient.Compile.Index;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Compile.Waypoints;
using Ambient.Core.Workloads;
using Ambient.Resources.Istio.Networking;

namespace Ambient.Compile.Workloads;

/// <summary>WorkloadEntry → a workload.</summary>
internal static class WorkloadEntryCompiler
{
    public static UnitOutput Compile(MeshIndex index, WorkloadEntrySource entry, ApplicablePolicies policies, WaypointBinding? waypoint, WaypointBinding? before) => new()
    {
        Workloads = entry.Spec is { } spec && Owns(index, entry) ? [Workload(index, entry, spec, policies, waypoint, before)] : [],
        Status = ResourceChecks.Report(entry.Meta, entry.Refusal, "it has no effect until it is repaired"),
        Findings = [.. ResourceChecks.Findings(entry.Meta, entry.Refusal, entry.Notes), .. Conflict(index, entry)],
    };

    private static bool Owns(MeshIndex index, WorkloadEntrySource entry) =>
        entry.Address is not { } address || index.Claims.Winner(address)?.Key == entry.Meta.Key;

    private static ImmutableArray<Finding> Conflict(MeshIndex index, WorkloadEntrySource entry) => Owns(index, entry) ? [] :
    [
        new Finding(FindingCodes.DuplicateAddress, FindingLevel.Warning, entry.Meta.Kind, entry.Meta.Namespace, entry.Meta.Name, "spec.address",
            $"{entry.Address} belongs to {index.Claims.Winner(entry.Address!)!.Kind} {index.Claims.Winner(entry.Address!)!.Key.Namespace}/"
            + $"{index.Claims.Winner(entry.Address!)!.Key.Name}; this one has no effect"),
    ];

    private static Workload Workload(
        MeshIndex index, WorkloadEntrySource entry, WorkloadEntrySpec spec, ApplicablePolicies policies, WaypointBinding? waypoint, WaypointBinding? before)
    {
        string uid = $"{index.Options.ClusterId}/networking.istio.io/WorkloadEntry/{entry.Meta.Namespace}/{entry.Meta.Name}";
        return EntryWorkload.Of(index, entry.Meta, uid, spec) with
        {
            Services = ServiceMembership.OfEntry(index, entry.Meta.Key, entry.Labels, spec.Ports),
            Labels = Core.Workloads.Workload.NoLabels.SetItems(entry.Labels),
            AuthorizationPolicies = policies.Listed(index, before),
            StrictOrigin = policies.StrictOrigin,
            Waypoint = waypoint is { ForWorkloads: true } ? waypoint.Address : null,
            Health = entry.Healthy ? WorkloadHealth.Healthy : WorkloadHealth.Unhealthy,
        };
    }
}
