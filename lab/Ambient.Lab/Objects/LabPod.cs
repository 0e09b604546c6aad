using Ambient.Kube.Resources;

namespace Ambient.Lab.Objects;

/// <summary>core/v1 Pod with everything that a node needs to run it.</summary>
internal sealed record LabPod : KubeObject, IKubeObject<LabPod>
{
    public static GroupKind GroupKind { get; } = new("", "Pod");

    public LabPodSpec Spec { get; init => field = value ?? new(); } = new();

    public PodStatus? Status { get; init; }

    /// <summary>All its containers have ended for good.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsFinished => Status?.Phase is "Succeeded" or "Failed";

    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsReady => Status?.Conditions.Any(c => c is { Type: "Ready", Status: "True" }) == true;

    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsLeaving => Metadata.DeletionTimestamp is not null;
}
