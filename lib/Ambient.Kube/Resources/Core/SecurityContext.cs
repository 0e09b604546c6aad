namespace Ambient.Kube.Resources;

/// <summary>core/v1 SecurityContext.</summary>
public sealed record SecurityContext
{
    public bool? Privileged { get; init; }

    public long? RunAsUser { get; init; }

    public long? RunAsGroup { get; init; }

    public bool? ReadOnlyRootFilesystem { get; init; }

    public Capabilities? Capabilities { get; init; }
}
