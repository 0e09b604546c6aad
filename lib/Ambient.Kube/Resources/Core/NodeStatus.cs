namespace Ambient.Kube.Resources;

/// <summary>core/v1 NodeStatus.</summary>
public sealed record NodeStatus
{
    public IReadOnlyList<NodeAddress> Addresses { get; init => field = value ?? []; } = [];

    public IReadOnlyList<NodeCondition> Conditions { get; init => field = value ?? []; } = [];
}
