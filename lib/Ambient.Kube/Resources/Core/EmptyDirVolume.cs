namespace Ambient.Kube.Resources;

/// <summary>core/v1 EmptyDirVolumeSource.</summary>
public sealed record EmptyDirVolume
{
    public string? Medium { get; init; }
}
