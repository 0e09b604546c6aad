namespace Ambient.Kube.Resources;

/// <summary>meta/v1 ListMeta.</summary>
public sealed record ListMeta
{
    /// <summary>From which to watch; opaque.</summary>
    public string ResourceVersion { get; init; } = "";

    /// <summary>Token of the next page; null or empty on the last.</summary>
    public string? Continue { get; init; }

    public long? RemainingItemCount { get; init; }
}
