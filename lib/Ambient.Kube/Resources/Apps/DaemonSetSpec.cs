namespace Ambient.Kube.Resources;

/// <summary>apps/v1 DaemonSetSpec.</summary>
public sealed record DaemonSetSpec
{
    public LabelSelector? Selector { get; init; }

    public PodTemplate? Template { get; init; }

    public UpdateStrategy? UpdateStrategy { get; init; }

    public int? MinReadySeconds { get; init; }
}
