namespace Ambient.Kube.Resources;

/// <summary>core/v1 ServiceAccount.</summary>
public sealed record ServiceAccount : KubeObject, IKubeObject<ServiceAccount>
{
    public static GroupKind GroupKind { get; } = new("", "ServiceAccount");

    public bool? AutomountServiceAccountToken { get; init; }
}
