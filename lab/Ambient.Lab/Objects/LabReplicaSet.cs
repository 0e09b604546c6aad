using System.Text.Json.Nodes;
using Ambient.Kube.Resources;

namespace Ambient.Lab.Objects;

/// <summary>apps/v1 ReplicaSet.</summary>
internal sealed record LabReplicaSet : KubeObject, IWorkload, IKubeObject<LabReplicaSet>
{
    public static GroupKind GroupKind { get; } = new("apps", "ReplicaSet");

    public WorkloadSpec Spec { get; init => field = value ?? new(); } = new();

    public JsonObject? Status { get; init; }
}
