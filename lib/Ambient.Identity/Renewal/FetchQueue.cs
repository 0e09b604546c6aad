namespace Ambient.Identity.Renewal;

/// <summary>
/// Identities that wait for a fetch, most urgent first, oldest first among equals. One that is asked for again more urgently moves up: its
/// older place is left behind and skipped. Not thread-safe; the manager's lock guards it.
/// </summary>
internal sealed class FetchQueue(int slots)
{
    private readonly PriorityQueue<(WatchedIdentity Identity, SvidPriority Priority), (int Urgency, long Order)> _waiting = new();
    private long _order;
    private int _running;

    public void Add(WatchedIdentity identity, SvidPriority priority)
    {
        if (identity.Queued >= priority)
        {
            return;
        }

        identity.Queued = priority;
        identity.NextAttempt = null;
        _waiting.Enqueue((identity, priority), (-(int)priority, _order++));
    }

    /// <summary>The next to fetch now, if a slot is free; it holds the slot until <see cref="Done"/>.</summary>
    public WatchedIdentity? Take()
    {
        while (_running < slots && _waiting.TryDequeue(out var entry, out _))
        {
            WatchedIdentity identity = entry.Identity;
            if (identity.Forgotten || identity.Queued != entry.Priority)
            {
                continue;
            }

            identity.Queued = null;
            identity.Fetching = true;
            _running++;
            return identity;
        }

        return null;
    }

    public void Done(WatchedIdentity identity)
    {
        identity.Fetching = false;
        _running--;
    }
}
