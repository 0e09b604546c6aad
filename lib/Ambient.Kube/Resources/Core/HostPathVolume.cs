namespace Ambient.Kube.Resources;

/// <summary>core/v1 HostPathVolumeSource.</summary>
public sealed record HostPathVolume
{
    public string Path { get; init; } = "";

    public string? Type { get; init; }
}
