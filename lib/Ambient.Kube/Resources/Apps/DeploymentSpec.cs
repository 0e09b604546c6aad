namespace Ambient.Kube.Resources;

/// <summary>apps/v1 DeploymentSpec.</summary>
public sealed record DeploymentSpec
{
    public int? Replicas { get; init; }

    public LabelSelector? Selector { get; init; }

    public PodTemplate? Template { get; init; }

    public UpdateStrategy? Strategy { get; init; }

    public int? MinReadySeconds { get; init; }

    public int? RevisionHistoryLimit { get; init; }

    public int? ProgressDeadlineSeconds { get; init; }

    public bool? Paused { get; init; }
}
