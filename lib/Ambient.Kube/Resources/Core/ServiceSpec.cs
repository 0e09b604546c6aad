using System.Collections.ObjectModel;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources;

/// <summary>core/v1 ServiceSpec.</summary>
public sealed record ServiceSpec
{
    /// <summary>ClusterIP, NodePort, LoadBalancer or ExternalName.</summary>
    public string? Type { get; init; }

    /// <summary><c>None</c> for headless services.</summary>
    [JsonPropertyName("clusterIP")]
    public string? ClusterIp { get; init; }

    [JsonPropertyName("clusterIPs")]
    public IReadOnlyList<string> ClusterIps { get; init => field = value ?? []; } = [];

    [JsonPropertyName("externalIPs")]
    public IReadOnlyList<string> ExternalIps { get; init => field = value ?? []; } = [];

    public string? ExternalName { get; init; }

    public IReadOnlyList<string> IpFamilies { get; init => field = value ?? []; } = [];

    public string? IpFamilyPolicy { get; init; }

    public string? InternalTrafficPolicy { get; init; }

    public string? TrafficDistribution { get; init; }

    public bool? PublishNotReadyAddresses { get; init; }

    public IReadOnlyDictionary<string, string> Selector { get; init => field = value ?? ReadOnlyDictionary<string, string>.Empty; } =
        ReadOnlyDictionary<string, string>.Empty;

    public IReadOnlyList<ServicePort> Ports { get; init => field = value ?? []; } = [];
}
