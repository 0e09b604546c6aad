namespace Ambient.Kube.Resources;

/// <summary>apps/v1 DaemonSet.</summary>
public sealed record DaemonSet : KubeObject, IKubeObject<DaemonSet>
{
    public static GroupKind GroupKind { get; } = new("apps", "DaemonSet");

    public DaemonSetSpec? Spec { get; init; }

    public DaemonSetStatus? Status { get; init; }
}
