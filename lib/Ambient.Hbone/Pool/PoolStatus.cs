namespace Ambient.Hbone.Pool;

/// <summary>One peer of the pool as it is now.</summary>
/// <param name="Key">Who to whom.</param>
/// <param name="Connections">Open connections.</param>
/// <param name="Streams">Tunnels on them.</param>
/// <param name="Dialing">Whether another connection is under way.</param>
public sealed record PoolStatus(PoolKey Key, int Connections, int Streams, bool Dialing);
