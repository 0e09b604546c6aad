namespace Ambient.Kube.Resources;

/// <summary>core/v1 PodSecurityContext.</summary>
public sealed record PodSecurityContext
{
    public long? RunAsUser { get; init; }

    public long? RunAsGroup { get; init; }

    public long? FsGroup { get; init; }

    public IReadOnlyList<Sysctl> Sysctls { get; init => field = value ?? []; } = [];
}
