namespace Ambient.Kube.Resources;

/// <summary>core/v1 Service.</summary>
public sealed record Service : KubeObject, IKubeObject<Service>
{
    public static GroupKind GroupKind { get; } = new("", "Service");

    public ServiceSpec? Spec { get; init; }
}
