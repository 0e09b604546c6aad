namespace Ambient.Kube.Resources;

/// <summary>core/v1 ContainerStateWaiting, ContainerStateRunning and ContainerStateTerminated in one.</summary>
public sealed record ContainerStateDetail
{
    public string? Reason { get; init; }

    public string? Message { get; init; }

    public int? ExitCode { get; init; }

    public int? Signal { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }
}
