using System.Net.Sockets;
using Ambient.Hbone.Pool;
using Ambient.Identity.Svids;
using Ambient.Ztunnel.Connections;

namespace Ambient.Ztunnel.Outbound;

/// <summary>An exception of the outbound way as an error for the log and a flag for the metrics.</summary>
internal static class OutboundFailure
{
    internal static void Note(TrackedConnection connection, Exception e)
    {
        (connection.Flags, connection.Error) = e switch
        {
            RefusedException refused => (refused.Flags, refused.Message),
            OperationCanceledException => (ResponseFlags.Connect, connection.CloseReason ?? "connection closed"),
            HboneConnectException { InnerException: SvidUnavailableException svid } => (ResponseFlags.IdentityError, svid.Message),
            HboneConnectException hbone => (FlagOf(hbone), hbone.Message),
            SvidUnavailableException svid => (ResponseFlags.IdentityError, svid.Message),
            TimeoutException or SocketException or IOException => (ResponseFlags.Connect, e.Message),
            _ => (ResponseFlags.Connect, $"{e.GetType().Name}: {e.Message}"),
        };
    }

    private static string FlagOf(HboneConnectException e) => e switch
    {
        { Failure: HboneConnectFailure.Tls } => ResponseFlags.TlsFailure,
        { Failure: HboneConnectFailure.H2Handshake } => ResponseFlags.H2HandshakeFailure,
        { Failure: HboneConnectFailure.Status, Status: 401 } => ResponseFlags.Deny,
        { Failure: HboneConnectFailure.TcpConnect, InnerException: TimeoutException } => ResponseFlags.NetworkPolicy,
        _ => ResponseFlags.Connect,
    };
}
