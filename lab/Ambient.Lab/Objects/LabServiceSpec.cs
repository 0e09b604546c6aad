using System.Collections.ObjectModel;
using System.Text.Json.Serialization;
using Ambient.Kube.Resources;

namespace Ambient.Lab.Objects;

/// <summary>core/v1 ServiceSpec.</summary>
internal sealed record LabServiceSpec
{
    public string? Type { get; init; }

    [JsonPropertyName("clusterIP")]
    public string? ClusterIp { get; init; }

    [JsonPropertyName("clusterIPs")]
    public IReadOnlyList<string> ClusterIps { get; init => field = value ?? []; } = [];

    public string? ExternalName { get; init; }

    public string? SessionAffinity { get; init; }

    public bool PublishNotReadyAddresses { get; init; }

    public IReadOnlyList<string> IpFamilies { get; init => field = value ?? []; } = [];

    public IReadOnlyDictionary<string, string> Selector { get; init => field = value ?? field; } = ReadOnlyDictionary<string, string>.Empty;

    public IReadOnlyList<ServicePort> Ports { get; init => field = value ?? []; } = [];
}
