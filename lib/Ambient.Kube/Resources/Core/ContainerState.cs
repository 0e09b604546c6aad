namespace Ambient.Kube.Resources;

/// <summary>core/v1 ContainerState: one of.</summary>
public sealed record ContainerState
{
    public ContainerStateDetail? Waiting { get; init; }

    public ContainerStateDetail? Running { get; init; }

    public ContainerStateDetail? Terminated { get; init; }
}
