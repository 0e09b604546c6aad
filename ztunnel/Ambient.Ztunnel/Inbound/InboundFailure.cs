using System.Net.Sockets;
using Ambient.Hbone.Connect;
using Ambient.Ztunnel.Connections;

namespace Ambient.Ztunnel.Inbound;

/// <summary>An exception of the inbound way as an error for the log and a flag for the metrics.</summary>
internal static class InboundFailure
{
    internal static void Note(TrackedConnection connection, Exception e)
    {
        (string flags, string error) = e switch
        {
            RefusedException refused => (refused.Flags, refused.Message),
            OperationCanceledException => (ResponseFlags.Connect, connection.CloseReason ?? "the client went away before the application answered"),
            HboneStreamResetException => (ResponseFlags.Connect, "the client went away before the application answered"),
            SocketException or TimeoutException or IOException => (ResponseFlags.Connect, $"the application could not be reached: {e.Message}"),
            _ => (ResponseFlags.Connect, $"{e.GetType().Name}: {e.Message}"),
        };
        connection.Flags = connection.Flags == ResponseFlags.None ? flags : connection.Flags;
        connection.Error = error;
    }
}
