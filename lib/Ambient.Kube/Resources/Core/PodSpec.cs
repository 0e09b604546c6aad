using System.Collections.ObjectModel;

namespace Ambient.Kube.Resources;

/// <summary>core/v1 PodSpec.</summary>
public sealed record PodSpec
{
    public string? NodeName { get; init; }

    public IReadOnlyDictionary<string, string> NodeSelector { get; init => field = value ?? ReadOnlyDictionary<string, string>.Empty; } =
        ReadOnlyDictionary<string, string>.Empty;

    public string? ServiceAccountName { get; init; }

    public bool? AutomountServiceAccountToken { get; init; }

    public bool? HostNetwork { get; init; }

    public string? Hostname { get; init; }

    public string? Subdomain { get; init; }

    /// <summary>Always, OnFailure or Never.</summary>
    public string? RestartPolicy { get; init; }

    public long? TerminationGracePeriodSeconds { get; init; }

    public PodSecurityContext? SecurityContext { get; init; }

    public IReadOnlyList<Container> InitContainers { get; init => field = value ?? []; } = [];

    public IReadOnlyList<Container> Containers { get; init => field = value ?? []; } = [];

    public IReadOnlyList<Volume> Volumes { get; init => field = value ?? []; } = [];
}
