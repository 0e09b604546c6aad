namespace Ambient.Core.Routes;

/// <summary>Limits of the connections and requests of one proxy to one service (subset). Over a limit the answer is 503 with a reason.</summary>
public sealed record ConnectionPool
{
    public static ConnectionPool Default { get; } = new();

    public uint MaxConnections { get; init; } = uint.MaxValue;

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Zero: never closed for idling.</summary>
    public TimeSpan TcpIdleTimeout { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan? MaxConnectionDuration { get; init; }

    /// <summary>Null: the system's.</summary>
    public TcpKeepAlive? KeepAlive { get; init; }

    /// <summary>Requests that wait for a connection.</summary>
    public uint MaxPendingRequests { get; init; } = uint.MaxValue;

    /// <summary>Requests at the same time.</summary>
    public uint MaxRequests { get; init; } = uint.MaxValue;

    /// <summary>0: no limit.</summary>
    public uint MaxRequestsPerConnection { get; init; }

    /// <summary>Retries at the same time.</summary>
    public uint MaxRetries { get; init; } = uint.MaxValue;

    public TimeSpan HttpIdleTimeout { get; init; } = TimeSpan.FromHours(1);

    public uint MaxConcurrentStreams { get; init; } = int.MaxValue;

    public UpstreamProtocol Protocol { get; init; }
}
