using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources;

/// <summary>coordination.k8s.io/v1 LeaseSpec.</summary>
public sealed record LeaseSpec
{
    /// <summary>Empty when released.</summary>
    public string? HolderIdentity { get; init; }

    public int? LeaseDurationSeconds { get; init; }

    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset? AcquireTime { get; init; }

    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset? RenewTime { get; init; }

    public int? LeaseTransitions { get; init; }
}
