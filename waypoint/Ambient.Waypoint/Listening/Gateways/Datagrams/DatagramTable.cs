using System.Net;

namespace Ambient.Waypoint.Listening.Gateways.Datagrams;

/// <summary>The sessions of one port by client, bounded. Safe for several threads.</summary>
internal sealed class DatagramTable(DatagramLimits limits, DatagramBudget budget)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SocketAddress, DatagramSession> _sessions = [];
    private readonly Dictionary<IPAddress, int> _ofAddress = [];

    internal int Count
    {
        get
        {
            lock (_lock)
            {
                return _sessions.Count;
            }
        }
    }

    internal DatagramSession? Find(SocketAddress client)
    {
        lock (_lock)
        {
            return _sessions.GetValueOrDefault(client);
        }
    }

    /// <summary>True when there is room for a session of a client, which is taken then.</summary>
    internal bool TryReserve(IPAddress client)
    {
        lock (_lock)
        {
            int has = _ofAddress.GetValueOrDefault(client);
            if (_sessions.Count >= limits.MostOfPort || has >= limits.MostOfAddress || !budget.TryTake())
            {
                return false;
            }

            _ofAddress[client] = has + 1;
            return true;
        }
    }

    /// <summary>A reservation becomes a session.</summary>
    internal void Add(DatagramSession session)
    {
        lock (_lock)
        {
            _sessions[session.Key] = session;
        }
    }

    /// <summary>Gives a reservation back that no session came of.</summary>
    internal void Release(IPAddress client)
    {
        lock (_lock)
        {
            Leave(client);
        }
    }

    /// <summary>False when it is gone already.</summary>
    internal bool Remove(DatagramSession session)
    {
        lock (_lock)
        {
            if (!_sessions.TryGetValue(session.Key, out DatagramSession? there) || !ReferenceEquals(there, session))
            {
                return false;
            }

            _sessions.Remove(session.Key);
            Leave(session.Client.Address);
            return true;
        }
    }

    internal DatagramSession[] All()
    {
        lock (_lock)
        {
            return [.. _sessions.Values];
        }
    }

    private void Leave(IPAddress client)
    {
        budget.Release();
        int left = _ofAddress[client] - 1;
        if (left == 0)
        {
            _ofAddress.Remove(client);
        }
        else
        {
            _ofAddress[client] = left;
        }
    }
}
