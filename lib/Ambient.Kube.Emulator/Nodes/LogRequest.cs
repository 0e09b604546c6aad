namespace Ambient.Kube.Emulator.Nodes;

/// <summary>Query of <c>GET pods/NAME/log</c> (core/v1 PodLogOptions). <see cref="Container"/> is already resolved.</summary>
public sealed record LogRequest
{
    public required string Node { get; init; }

    public required string Namespace { get; init; }

    public required string Pod { get; init; }

    public required string PodUid { get; init; }

    public required string Container { get; init; }

    public bool Follow { get; init; }

    /// <summary>The log of the container's last run instead of the present one.</summary>
    public bool Previous { get; init; }

    /// <summary>Each line starts with its RFC 3339 time.</summary>
    public bool Timestamps { get; init; }

    /// <summary>Only the last so many lines; null for all.</summary>
    public long? TailLines { get; init; }

    /// <summary>Only lines not older than so many seconds; null for all.</summary>
    public long? SinceSeconds { get; init; }

    public DateTimeOffset? SinceTime { get; init; }

    /// <summary>At most so many bytes; null for no bound.</summary>
    public long? LimitBytes { get; init; }
}
