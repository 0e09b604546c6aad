using Ambient.Compile.Sources;
using Ambient.Core.Workloads;

namespace Ambient.Compile.Workloads;

/// <summary>What a pod belongs to, from its controller's reference and the names that Kubernetes' own controllers give.</summary>
internal static class Owner
{
    /// <summary>A CronJob names its Jobs by minutes since 1970: eight digits and more.</summary>
    private const int CronDigits = 8;

    public static (WorkloadKind Kind, string Name) Of(PodSource pod)
    {
        switch (pod.OwnerKind)
        {
            case "Deployment":
                return (WorkloadKind.Deployment, pod.OwnerName);
            case "ReplicaSet":
                string hash = pod.Meta.Label("pod-template-hash");
                return hash.Length > 0 && pod.OwnerName.EndsWith("-" + hash, StringComparison.Ordinal)
                    ? (WorkloadKind.Deployment, pod.OwnerName[..^(hash.Length + 1)])
                    : (WorkloadKind.Pod, pod.OwnerName);
            case "Job":
                int dash = pod.OwnerName.LastIndexOf('-');
                return dash > 0 && pod.OwnerName.Length - dash > CronDigits && pod.OwnerName.AsSpan(dash + 1).IndexOfAnyExceptInRange('0', '9') < 0
                    ? (WorkloadKind.CronJob, pod.OwnerName[..dash])
                    : (WorkloadKind.Job, pod.OwnerName);
            default:
                return (WorkloadKind.Pod, pod.OwnerName.Length > 0 ? pod.OwnerName : pod.Meta.Name);
        }
    }
}
