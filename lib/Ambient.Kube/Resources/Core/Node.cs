namespace Ambient.Kube.Resources;

/// <summary>core/v1 Node.</summary>
public sealed record Node : KubeObject, IKubeObject<Node>
{
    public static GroupKind GroupKind { get; } = new("", "Node");

    public NodeSpec? Spec { get; init; }

    public NodeStatus? Status { get; init; }
}
