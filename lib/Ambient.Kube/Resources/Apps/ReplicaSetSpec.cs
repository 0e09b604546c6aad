namespace Ambient.Kube.Resources;

/// <summary>apps/v1 ReplicaSetSpec.</summary>
public sealed record ReplicaSetSpec
{
    public int? Replicas { get; init; }

    public LabelSelector? Selector { get; init; }

    public PodTemplate? Template { get; init; }

    public int? MinReadySeconds { get; init; }
}
