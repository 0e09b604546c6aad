using System.Text.Json.Nodes;
using Ambient.Kube.Resources;

namespace Ambient.Lab.Objects;

/// <summary>What the specs of Deployment, ReplicaSet, DaemonSet and StatefulSet (apps/v1) have in common and the lab acts on. The template is kept as it is written.</summary>
internal sealed record WorkloadSpec
{
    public int? Replicas { get; init; }

    public LabelSelector? Selector { get; init; }

    public JsonObject? Template { get; init; }

    /// <summary>Of a Deployment.</summary>
    public UpdateStrategy? Strategy { get; init; }

    /// <summary>Of a DaemonSet or StatefulSet.</summary>
    public UpdateStrategy? UpdateStrategy { get; init; }

    public int? MinReadySeconds { get; init; }

    public int? RevisionHistoryLimit { get; init; }

    public int? ProgressDeadlineSeconds { get; init; }

    public bool Paused { get; init; }

    /// <summary>Of a StatefulSet: Parallel starts all at once.</summary>
    public string? PodManagementPolicy { get; init; }

    public string? ServiceName { get; init; }
}
