using System.Collections.Concurrent;
using Ambient.Core;

namespace Ambient.Ztunnel.Connections;

/// <summary>Open connections of one pod. A connection is registered before its first check, so no change can slip in between.</summary>
internal sealed class ConnectionRegistry
{
    private readonly ConcurrentDictionary<TrackedConnection, byte> _open = new(ReferenceEqualityComparer.Instance);
    private readonly Lock _gate = new();
    private TaskCompletionSource? _empty;

    internal int Count => _open.Count;

    internal IEnumerable<TrackedConnection> Open => _open.Keys;

    internal void Add(TrackedConnection connection) => _open.TryAdd(connection, 0);

    internal void Remove(TrackedConnection connection)
    {
        _open.TryRemove(connection, out _);
        if (Volatile.Read(ref _empty) is { } waiting && _open.IsEmpty)
        {
            waiting.TrySetResult();
        }
    }

    /// <summary>Completes when there is none (any more).</summary>
    internal Task WhenEmptyAsync()
    {
        lock (_gate)
        {
            if (_empty is null || _empty.Task.IsCompleted)
            {
                Volatile.Write(ref _empty, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }
        }

        if (_open.IsEmpty)
        {
            _empty!.TrySetResult();
        }

        return _empty!.Task;
    }

    internal void CloseAll(string reason)
    {
        foreach (TrackedConnection connection in _open.Keys)
        {
            connection.Close(reason);
        }
    }

    /// <summary>Closes what may not go on.</summary>
    /// <returns>How many.</returns>
    internal int Recheck(MeshSnapshot snapshot, MeshChange change)
    {
        int closed = 0;
        foreach (TrackedConnection connection in _open.Keys)
        {
            if (connection.ConcernedBy(change) && connection.Objection(snapshot) is { } objection)
            {
                connection.Close(objection);
                closed++;
            }
        }

        return closed;
    }
}
