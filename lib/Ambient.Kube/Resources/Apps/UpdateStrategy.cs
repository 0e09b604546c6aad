namespace Ambient.Kube.Resources;

/// <summary>apps/v1 DeploymentStrategy and DaemonSetUpdateStrategy.</summary>
public sealed record UpdateStrategy
{
    /// <summary>RollingUpdate, Recreate or OnDelete.</summary>
    public string? Type { get; init; }

    public RollingUpdate? RollingUpdate { get; init; }
}
