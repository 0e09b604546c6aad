namespace Ambient.Kube.Resources;

/// <summary>coordination.k8s.io/v1 Lease.</summary>
public sealed record Lease : KubeObject, IKubeObject<Lease>
{
    public static GroupKind GroupKind { get; } = new("coordination.k8s.io", "Lease");

    public LeaseSpec? Spec { get; init; }
}
