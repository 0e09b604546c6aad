using System.Collections.ObjectModel;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Resources;

/// <summary>discovery.k8s.io Endpoint.</summary>
public sealed record Endpoint
{
    public IReadOnlyList<string> Addresses { get; init => field = value ?? []; } = [];

    public EndpointConditions? Conditions { get; init; }

    public string? Hostname { get; init; }

    public string? NodeName { get; init; }

    public string? Zone { get; init; }

    public ObjectReference? TargetRef { get; init; }

    /// <summary>v1beta1 only: node name and zone lived here.</summary>
    public IReadOnlyDictionary<string, string> Topology { get; init => field = value ?? ReadOnlyDictionary<string, string>.Empty; } =
        ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The node, in either version.</summary>
    [JsonIgnore]
    public string? Node => NodeName ?? Topology.GetValueOrDefault("kubernetes.io/hostname");
}
