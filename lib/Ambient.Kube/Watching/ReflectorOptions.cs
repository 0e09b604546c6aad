namespace Ambient.Kube.Watching;

/// <summary>Times of a reflector. The defaults suit a real API server, which sends a bookmark about once a minute.</summary>
public sealed record ReflectorOptions
{
    /// <summary>Objects a page when listing anew; the first list is served from the server's cache at once.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>A watch is asked to end after a random time between this and twice this, so that many do not end together.</summary>
    public TimeSpan WatchTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>No byte for so long: the connection is taken for dead. Twice in a row: list anew.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(2);

    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromMilliseconds(200);

    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often to ask for a kind that is not served yet.</summary>
    public TimeSpan NotServedPoll { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A kind that was served must be missing for so long before its objects count as deleted.</summary>
    public TimeSpan NotServedGrace { get; init; } = TimeSpan.FromSeconds(30);
}
