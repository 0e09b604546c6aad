namespace Ambient.Kube.Resources;

/// <summary>core/v1 VolumeProjection: one of.</summary>
public sealed record VolumeProjection
{
    public ServiceAccountTokenProjection? ServiceAccountToken { get; init; }

    public ConfigMapVolume? ConfigMap { get; init; }

    public ConfigMapVolume? Secret { get; init; }
}
