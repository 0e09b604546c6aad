namespace Ambient.Kube.Resources;

/// <summary>apps/v1 ReplicaSetStatus.</summary>
public sealed record ReplicaSetStatus
{
    public long? ObservedGeneration { get; init; }

    public int? Replicas { get; init; }

    public int? FullyLabeledReplicas { get; init; }

    public int? ReadyReplicas { get; init; }

    public int? AvailableReplicas { get; init; }
}
