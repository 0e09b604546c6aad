using Ambient.Hbone.Connect;

namespace Ambient.Hbone.Pool;

/// <summary>How many connections are kept, and for how long.</summary>
public sealed record HbonePoolOptions
{
    public HboneLimits Limits { get; init; } = HboneLimits.Client;

    /// <summary>Streams on one connection, at most; the peer's limit counts too.</summary>
    public int MaxStreamsPerConnection { get; init; } = 100;

    /// <summary>Another connection is dialled while the best one carries at least so many, until <see cref="SpreadConnections"/>.</summary>
    public int SpreadStreams { get; init; } = 16;

    /// <summary>Connections to one peer that load is spread over; beyond it only full connections lead to another.</summary>
    public int SpreadConnections { get; init; } = Math.Clamp(Environment.ProcessorCount, 2, 8);

    /// <summary>Connections of one key, at most.</summary>
    public int MaxConnectionsPerKey { get; init; } = 128;

    public int MaxKeys { get; init; } = 500;

    /// <summary>A connection without streams is closed after this.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>TCP and TLS together; the dialer may be stricter.</summary>
    public TimeSpan DialTimeout { get; init; } = TimeSpan.FromSeconds(20);
}
