using System.Collections.ObjectModel;
using Ambient.Kube.Resources;

namespace Ambient.Lab.Objects;

/// <summary>core/v1 PodSpec, the fields that the lab acts on.</summary>
internal sealed record LabPodSpec
{
    public string? NodeName { get; init; }

    public IReadOnlyDictionary<string, string> NodeSelector { get; init => field = value ?? field; } = ReadOnlyDictionary<string, string>.Empty;

    public string? ServiceAccountName { get; init; }

    public bool HostNetwork { get; init; }

    public string? Hostname { get; init; }

    public string? Subdomain { get; init; }

    public string? RestartPolicy { get; init; }

    public string? DnsPolicy { get; init; }

    public long? TerminationGracePeriodSeconds { get; init; }

    public PodSecurityContext? SecurityContext { get; init; }

    public IReadOnlyList<LabContainer> InitContainers { get; init => field = value ?? []; } = [];

    public IReadOnlyList<LabContainer> Containers { get; init => field = value ?? []; } = [];

    public IReadOnlyList<LabVolume> Volumes { get; init => field = value ?? []; } = [];

    public IReadOnlyList<HostAlias> HostAliases { get; init => field = value ?? []; } = [];
}
