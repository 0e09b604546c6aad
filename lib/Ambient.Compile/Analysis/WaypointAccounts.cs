using Ambient.Compile.Enrolment;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Core.Gateways;

namespace Ambient.Compile.Analysis;

/// <summary>
/// Who else can run pods under a waypoint's service account: such a pod, once it is an endpoint of the waypoint, is believed when it says for whom it
/// speaks.
/// </summary>
internal static class WaypointAccounts
{
    public static IEnumerable<Finding> Find(WrittenObjects written, CompileResult compiled)
    {
        foreach (var waypoint in compiled.Gateways.Where(static g => g.Role == ProxyRole.Waypoint))
        {
            foreach (var pod in compiled.Workloads.Where(w => w.Namespace == waypoint.ServiceAccount.Namespace && w.ServiceAccount == waypoint.ServiceAccount.Name
                && w.Labels.GetValueOrDefault(EnrolmentLabels.GatewayName) != waypoint.Name.Name))
            {
                yield return new Finding(FindingCodes.WaypointAccountShared, FindingLevel.Warning, "Pod", pod.Namespace, pod.Name, "spec.serviceAccountName",
                    $"runs under the service account {waypoint.ServiceAccount} of waypoint {waypoint.Name}: it could speak for other callers; give it an account of its own");
            }

            string[] others = [.. compiled.Workloads
                .Where(w => w.Namespace == waypoint.Name.Namespace && w.Uid.Contains("/Pod/", StringComparison.Ordinal) && !w.Labels.ContainsKey(EnrolmentLabels.GatewayName))
                .Select(static w => w.WorkloadName.Length > 0 ? w.WorkloadName : w.Name).Distinct().Order(StringComparer.Ordinal)];
            if (others.Length > 0 && written.Find(new ObjectKey(KnownKinds.Gateway, waypoint.Name.Namespace, waypoint.Name.Name)) is not null)
            {
                yield return MeshAnalysis.Finding(FindingCodes.WaypointAmongApplications, FindingLevel.Warning, new ObjectKey(KnownKinds.Gateway, waypoint.Name.Namespace, waypoint.Name.Name), "metadata.namespace",
                    $"stands in one namespace with applications ({string.Join(", ", others.Take(4))}{(others.Length > 4 ? $" and {others.Length - 4} more" : "")}): whoever may create pods there can run one under the waypoint's service account and speak for other callers");
            }
        }
    }
}
