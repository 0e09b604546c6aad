namespace Ambient.Kube.Http;

/// <summary>meta/v1 ListOptions for a watch, plus what the client itself watches for.</summary>
public sealed record WatchOptions
{
    public string? LabelSelector { get; init; }

    public string? FieldSelector { get; init; }

    /// <summary>Where to go on from; null starts with synthetic ADDED events of everything.</summary>
    public string? ResourceVersion { get; init; }

    public bool AllowBookmarks { get; init; } = true;

    /// <summary>The server ends the watch after this; null leaves it to the server.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>No byte for so long ends the watch with a <see cref="TimeoutException"/>; null waits for ever.</summary>
    public TimeSpan? IdleTimeout { get; init; }
}
