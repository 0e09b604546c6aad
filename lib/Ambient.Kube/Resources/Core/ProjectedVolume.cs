namespace Ambient.Kube.Resources;

/// <summary>core/v1 ProjectedVolumeSource.</summary>
public sealed record ProjectedVolume
{
    public IReadOnlyList<VolumeProjection> Sources { get; init => field = value ?? []; } = [];
}
