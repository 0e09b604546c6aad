using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace Ambient.Kube.Emulator.Serving;

/// <summary>Every open connection, so that a restart can drop them all; refuses new ones while the server is "down".</summary>
internal sealed class ConnectionLedger(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, ConnectionContext> open = new();
    private long downUntil;

    public ConnectionDelegate Follow(ConnectionDelegate next) => async connection =>
    {
        if (time.GetUtcNow().UtcTicks < Interlocked.Read(ref downUntil))
        {
            connection.Abort();
            return;
        }

        open[connection.ConnectionId] = connection;
        try
        {
            await next(connection);
        }
        finally
        {
            open.TryRemove(connection.ConnectionId, out _);
        }
    };

    public void DropAll(TimeSpan downtime)
    {
        Interlocked.Exchange(ref downUntil, (time.GetUtcNow() + downtime).UtcTicks);
        foreach (ConnectionContext connection in open.Values)
        {
            connection.Abort(new ConnectionAbortedException("the API server restarts"));
        }
    }
}
