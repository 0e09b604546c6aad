using Ambient.Kube.Resources;

namespace Ambient.Lab.Objects;

/// <summary>core/v1 Container.</summary>
internal sealed record LabContainer
{
    public string Name { get; init; } = "";

    public string Image { get; init; } = "";

    public IReadOnlyList<string> Command { get; init => field = value ?? []; } = [];

    public IReadOnlyList<string> Args { get; init => field = value ?? []; } = [];

    public string? WorkingDir { get; init; }

    public IReadOnlyList<EnvVar> Env { get; init => field = value ?? []; } = [];

    public IReadOnlyList<EnvFromSource> EnvFrom { get; init => field = value ?? []; } = [];

    public IReadOnlyList<ContainerPort> Ports { get; init => field = value ?? []; } = [];

    public IReadOnlyList<VolumeMount> VolumeMounts { get; init => field = value ?? []; } = [];

    public SecurityContext? SecurityContext { get; init; }

    public LabProbe? StartupProbe { get; init; }

    public LabProbe? ReadinessProbe { get; init; }

    public LabProbe? LivenessProbe { get; init; }

    public Lifecycle? Lifecycle { get; init; }

    /// <summary>Of an init container: Always makes it a sidecar that runs as long as the pod.</summary>
    public string? RestartPolicy { get; init; }
}
