using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources;

/// <summary>core/v1 ContainerStatus.</summary>
public sealed record ContainerStatus
{
    public string Name { get; init; } = "";

    public bool Ready { get; init; }

    public bool? Started { get; init; }

    public int RestartCount { get; init; }

    public string? Image { get; init; }

    [JsonPropertyName("imageID")]
    public string? ImageId { get; init; }

    [JsonPropertyName("containerID")]
    public string? ContainerId { get; init; }

    public ContainerState? State { get; init; }

    public ContainerState? LastState { get; init; }
}
