namespace Ambient.Kube.Resources;

/// <summary>apps/v1 Deployment.</summary>
public sealed record Deployment : KubeObject, IKubeObject<Deployment>
{
    public static GroupKind GroupKind { get; } = new("apps", "Deployment");

    public DeploymentSpec? Spec { get; init; }

    public DeploymentStatus? Status { get; init; }
}
