namespace Ambient.Kube.Resources;

/// <summary>Counts or percentages such as <c>25%</c>.</summary>
public sealed record RollingUpdate
{
    public IntOrString? MaxUnavailable { get; init; }

    public IntOrString? MaxSurge { get; init; }
}
