using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources;

/// <summary>core/v1 PodStatus.</summary>
public sealed record PodStatus
{
    /// <summary>Pending, Running, Succeeded, Failed or Unknown.</summary>
    public string? Phase { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    [JsonPropertyName("hostIP")]
    public string? HostIp { get; init; }

    [JsonPropertyName("podIP")]
    public string? PodIp { get; init; }

    [JsonPropertyName("podIPs")]
    public IReadOnlyList<PodIp> PodIps { get; init => field = value ?? []; } = [];

    public DateTimeOffset? StartTime { get; init; }

    public IReadOnlyList<PodCondition> Conditions { get; init => field = value ?? []; } = [];

    public IReadOnlyList<ContainerStatus> ContainerStatuses { get; init => field = value ?? []; } = [];

    public IReadOnlyList<ContainerStatus> InitContainerStatuses { get; init => field = value ?? []; } = [];
}
