namespace Ambient.Kube.Resources;

/// <summary>core/v1 Volume: one of the sources that are used here.</summary>
public sealed record Volume
{
    public string Name { get; init; } = "";

    public EmptyDirVolume? EmptyDir { get; init; }

    public HostPathVolume? HostPath { get; init; }

    public SecretVolume? Secret { get; init; }

    public ConfigMapVolume? ConfigMap { get; init; }

    public ProjectedVolume? Projected { get; init; }
}
