using Ambient.Hbone.Relay;
using Ambient.Identity.Tls;

namespace Ambient.Ztunnel.Connections;

/// <summary>How a relay's end is told and how its parties are closed.</summary>
internal static class RelayEnd
{
    internal static void Note(TrackedConnection connection, RelayResult result) => connection.Error = result switch
    {
        RelayResult.Completed => null,
        RelayResult.AppReset => "connection reset by the application",
        RelayResult.PeerReset => "connection reset by the peer",
        RelayResult.TunnelLost => "the tunnel was lost",
        RelayResult.Cancelled => connection.CloseReason ?? "connection closed",
        _ => $"connection ended: {result}",
    };

    /// <summary>In order with FIN, otherwise with RST.</summary>
    internal static async ValueTask CloseAsync(MeshConnection connection, bool inOrder)
    {
        if (!inOrder)
        {
            connection.Abort();
        }

        await connection.DisposeAsync();
    }
}
