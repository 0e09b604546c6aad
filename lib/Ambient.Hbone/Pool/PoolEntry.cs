using Ambient.Hbone.Http2;

namespace Ambient.Hbone.Pool;

/// <summary>The connections of one key. Guarded by its own lock, which is never held over a wait or a callback.</summary>
internal sealed class PoolEntry
{
    private readonly Lock _gate = new();
    private readonly HbonePoolOptions _options;
    private readonly List<ClientConnection> _connections = [];
    private Task<ClientConnection>? _dial;

    public PoolEntry(PoolKey key, HbonePoolOptions options)
    {
        Key = key;
        _options = options;
    }

    public PoolKey Key { get; }

    /// <summary>No longer in the pool: nothing new begins here.</summary>
    public bool Retired { get; private set; }

    /// <summary>
    /// A reserved place, or a dial to wait for. The least loaded connection is taken; where even that one is busy and another is allowed,
    /// one is dialled on the side.
    /// </summary>
    public (ClientConnection? Reserved, Task<ClientConnection>? Dial) Take(Func<PoolEntry, Task<ClientConnection>> dial)
    {
        lock (_gate)
        {
            if (Retired)
            {
                return (null, null);
            }

            ClientConnection? best = LeastLoaded();
            bool reserved = best is not null && best.TryReserve(_options.MaxStreamsPerConnection);
            if (_dial is null && (!reserved || IsBusy(best!)) && _connections.Count < _options.MaxConnectionsPerKey)
            {
                _dial = dial(this);
            }

            return reserved ? (best, null) : (null, _dial);
        }
    }

    /// <summary>The dial has ended. False when the entry was retired meanwhile and the connection is not wanted.</summary>
    public bool OnDialled(ClientConnection? connection)
    {
        lock (_gate)
        {
            _dial = null;
            if (connection is not null && !Retired)
            {
                _connections.Add(connection);
                return true;
            }

            return false;
        }
    }

    /// <summary>True when nothing is left here and nothing is under way.</summary>
    public bool RemoveUnusable(TimeSpan idle)
    {
        lock (_gate)
        {
            _connections.RemoveAll(connection => !connection.Usable || connection.CloseIfIdle(idle));
            return _connections.Count == 0 && _dial is null;
        }
    }

    /// <summary>Nothing new; returns the connections, for closing.</summary>
    public ClientConnection[] Retire()
    {
        lock (_gate)
        {
            Retired = true;
            ClientConnection[] all = [.. _connections];
            _connections.Clear();
            return all;
        }
    }

    /// <summary>Retires only when empty, in one step.</summary>
    public bool RetireIfEmpty()
    {
        lock (_gate)
        {
            Retired |= _connections.Count == 0 && _dial is null;
            return Retired;
        }
    }

    public PoolStatus Status()
    {
        lock (_gate)
        {
            return new PoolStatus(Key, _connections.Count(c => c.Usable), _connections.Sum(c => c.Reserved), _dial is not null);
        }
    }

    private ClientConnection? LeastLoaded()
    {
        _connections.RemoveAll(static connection => !connection.Usable);
        ClientConnection? best = null;
        int least = int.MaxValue;
        foreach (ClientConnection connection in _connections)
        {
            int load = Load(connection);
            if (load < least && connection.HasRoom(_options.MaxStreamsPerConnection))
            {
                (best, least) = (connection, load);
            }
        }

        return best;
    }

    private bool IsBusy(ClientConnection connection) =>
        _connections.Count < _options.SpreadConnections && Load(connection) > _options.SpreadStreams;

    // A connection whose streams wait to write is as good as full of quiet ones.
    private int Load(ClientConnection connection) => connection.Reserved + (connection.Output.Saturated ? _options.SpreadStreams : 0);
}
