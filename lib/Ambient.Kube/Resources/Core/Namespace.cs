namespace Ambient.Kube.Resources;

/// <summary>core/v1 Namespace.</summary>
public sealed record Namespace : KubeObject, IKubeObject<Namespace>
{
    public static GroupKind GroupKind { get; } = new("", "Namespace");

    public NamespaceStatus? Status { get; init; }
}
