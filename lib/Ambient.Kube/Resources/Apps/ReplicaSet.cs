namespace Ambient.Kube.Resources;

/// <summary>apps/v1 ReplicaSet.</summary>
public sealed record ReplicaSet : KubeObject, IKubeObject<ReplicaSet>
{
    public static GroupKind GroupKind { get; } = new("apps", "ReplicaSet");

    public ReplicaSetSpec? Spec { get; init; }

    public ReplicaSetStatus? Status { get; init; }
}
