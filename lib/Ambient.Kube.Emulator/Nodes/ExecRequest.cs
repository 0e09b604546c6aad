using System.Collections.Immutable;

namespace Ambient.Kube.Emulator.Nodes;

/// <summary>Query of <c>pods/NAME/exec</c> (core/v1 PodExecOptions). <see cref="Container"/> is already resolved.</summary>
public sealed record ExecRequest
{
    public required string Node { get; init; }

    public required string Namespace { get; init; }

    public required string Pod { get; init; }

    public required string PodUid { get; init; }

    public required string Container { get; init; }

    public required ImmutableArray<string> Command { get; init; }

    /// <summary>The command wants a terminal; standard error is then part of standard output.</summary>
    public bool Tty { get; init; }
}
