namespace Ambient.Lab.Containers;

/// <summary>What a container is doing, as its status will say.</summary>
internal abstract record ContainerState
{
    internal sealed record Waiting(string Reason, string Message) : ContainerState;

    internal sealed record Running(DateTimeOffset StartedAt) : ContainerState;

    internal sealed record Terminated(int ExitCode, int Signal, string Reason, DateTimeOffset StartedAt, DateTimeOffset FinishedAt) : ContainerState;
}
