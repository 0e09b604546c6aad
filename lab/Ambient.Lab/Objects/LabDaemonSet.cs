using System.Text.Json.Nodes;
using Ambient.Kube.Resources;

namespace Ambient.Lab.Objects;

/// <summary>apps/v1 DaemonSet.</summary>
internal sealed record LabDaemonSet : KubeObject, IWorkload, IKubeObject<LabDaemonSet>
{
    public static GroupKind GroupKind { get; } = new("apps", "DaemonSet");

    public WorkloadSpec Spec { get; init => field = value ?? new(); } = new();

    public JsonObject? Status { get; init; }
}
