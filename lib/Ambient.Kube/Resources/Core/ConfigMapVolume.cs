namespace Ambient.Kube.Resources;

/// <summary>core/v1 ConfigMapVolumeSource; inside projected volumes also Secret and ConfigMap projections.</summary>
public sealed record ConfigMapVolume
{
    public string? Name { get; init; }

    public IReadOnlyList<KeyToPath> Items { get; init => field = value ?? []; } = [];

    public bool? Optional { get; init; }
}
