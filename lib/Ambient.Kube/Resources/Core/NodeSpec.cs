using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources;

/// <summary>core/v1 NodeSpec.</summary>
public sealed record NodeSpec
{
    [JsonPropertyName("podCIDR")]
    public string? PodCidr { get; init; }

    [JsonPropertyName("podCIDRs")]
    public IReadOnlyList<string> PodCidrs { get; init => field = value ?? []; } = [];

    public bool? Unschedulable { get; init; }
}
