using Ambient.Kube.Resources;

namespace Ambient.Lab.Objects;

/// <summary>core/v1 Volume, the sources that the lab has.</summary>
internal sealed record LabVolume
{
    public string Name { get; init; } = "";

    public EmptyDirVolume? EmptyDir { get; init; }

    public HostPathVolume? HostPath { get; init; }

    public SecretVolume? Secret { get; init; }

    public ConfigMapVolume? ConfigMap { get; init; }

    public ProjectedSources? Projected { get; init; }

    [System.Text.Json.Serialization.JsonPropertyName("downwardAPI")]
    public DownwardItems? DownwardApi { get; init; }
}
