namespace Ambient.Kube.Resources;

/// <summary>core/v1 KeyToPath.</summary>
public sealed record KeyToPath
{
    public string Key { get; init; } = "";

    public string Path { get; init; } = "";
}
