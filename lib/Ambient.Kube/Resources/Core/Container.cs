namespace Ambient.Kube.Resources;

/// <summary>core/v1 Container.</summary>
public sealed record Container
{
    public string Name { get; init; } = "";

    public string? Image { get; init; }

    public string? ImagePullPolicy { get; init; }

    public IReadOnlyList<string> Command { get; init => field = value ?? []; } = [];

    public IReadOnlyList<string> Args { get; init => field = value ?? []; } = [];

    public string? WorkingDir { get; init; }

    public IReadOnlyList<EnvVar> Env { get; init => field = value ?? []; } = [];

    public IReadOnlyList<ContainerPort> Ports { get; init => field = value ?? []; } = [];

    public IReadOnlyList<VolumeMount> VolumeMounts { get; init => field = value ?? []; } = [];

    public SecurityContext? SecurityContext { get; init; }

    public Probe? StartupProbe { get; init; }

    public Probe? ReadinessProbe { get; init; }

    public Probe? LivenessProbe { get; init; }

    /// <summary>Always, on an init container: a sidecar that runs beside the others.</summary>
    public string? RestartPolicy { get; init; }
}
