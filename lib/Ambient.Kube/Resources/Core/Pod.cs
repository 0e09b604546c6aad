namespace Ambient.Kube.Resources;

/// <summary>core/v1 Pod.</summary>
public sealed record Pod : KubeObject, IKubeObject<Pod>
{
    public static GroupKind GroupKind { get; } = new("", "Pod");

    public PodSpec? Spec { get; init; }

    public PodStatus? Status { get; init; }
}
