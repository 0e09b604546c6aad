namespace Ambient.Lab.Containers;

/// <summary>One moment of a container.</summary>
internal sealed record ContainerView
{
    public required ContainerState State { get; init; }

    public ContainerState.Terminated? Last { get; init; }

    public int Restarts { get; init; }

    /// <summary>Its startup probe has succeeded, or it has none.</summary>
    public bool Started { get; init; }

    public bool Ready { get; init; }

    /// <summary>It will not be started again.</summary>
    public bool Final { get; init; }

    /// <summary>Changes with every run.</summary>
    public string? Id { get; init; }
}
