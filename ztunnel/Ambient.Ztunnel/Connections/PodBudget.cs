namespace Ambient.Ztunnel.Connections;

/// <summary>What one pod may take of its node's proxy, so that it cannot starve the others. Counters only; any thread.</summary>
internal sealed class PodBudget(int maxConnections, int maxHandshakes)
{
    private int _connections;
    private int _handshakes;
    private long _refused;

    internal int Connections => Volatile.Read(ref _connections);

    internal int Handshakes => Volatile.Read(ref _handshakes);

    /// <summary>Connections and tunnels turned away for lack of budget.</summary>
    internal long Refused => Volatile.Read(ref _refused);

    internal bool TryTakeConnection() => TryTake(ref _connections, maxConnections);

    internal void ReturnConnection() => Interlocked.Decrement(ref _connections);

    internal bool TryTakeHandshake() => TryTake(ref _handshakes, maxHandshakes);

    internal void ReturnHandshake() => Interlocked.Decrement(ref _handshakes);

    private bool TryTake(ref int count, int max)
    {
        if (Interlocked.Increment(ref count) <= max)
        {
            return true;
        }

        Interlocked.Decrement(ref count);
        Interlocked.Increment(ref _refused);
        return false;
    }
}
