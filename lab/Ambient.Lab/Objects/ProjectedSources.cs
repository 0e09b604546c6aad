using Ambient.Kube.Resources;

namespace Ambient.Lab.Objects;

/// <summary>core/v1 ProjectedVolumeSource.</summary>
internal sealed record ProjectedSources
{
    public IReadOnlyList<Source> Sources { get; init => field = value ?? []; } = [];

    internal sealed record Source
    {
        public ServiceAccountTokenProjection? ServiceAccountToken { get; init; }

        public ConfigMapVolume? ConfigMap { get; init; }

        public ConfigMapVolume? Secret { get; init; }

        [System.Text.Json.Serialization.JsonPropertyName("downwardAPI")]
        public DownwardItems? DownwardApi { get; init; }
    }
}
