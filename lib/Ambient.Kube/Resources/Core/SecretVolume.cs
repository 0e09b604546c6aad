namespace Ambient.Kube.Resources;

/// <summary>core/v1 SecretVolumeSource.</summary>
public sealed record SecretVolume
{
    public string? SecretName { get; init; }

    public IReadOnlyList<KeyToPath> Items { get; init => field = value ?? []; } = [];

    public bool? Optional { get; init; }
}
