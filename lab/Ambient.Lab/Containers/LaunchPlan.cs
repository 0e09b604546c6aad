namespace Ambient.Lab.Containers;

/// <summary>Everything that the start of a container's process needs, resolved to paths of the lab's own mount namespace.</summary>
internal sealed record LaunchPlan
{
    /// <summary>Program name (looked up in the environment's PATH) or absolute path, then its arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Each <c>NAME=value</c>.</summary>
    public required IReadOnlyList<string> Environment { get; init; }

    public required string NetnsPath { get; init; }

    public required string HostName { get; init; }

    public string WorkingDirectory { get; init; } = "/";

    /// <summary>An empty folder where the container's root is put together.</summary>
    public required string RootDirectory { get; init; }

    public IReadOnlyList<MountPlan> Mounts { get; init; } = [];

    public required CapabilitySet Capabilities { get; init; }

    /// <summary>0 stays root.</summary>
    public int User { get; init; }

    public int Group { get; init; }
}
