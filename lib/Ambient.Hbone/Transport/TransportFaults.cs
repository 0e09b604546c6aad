using System.Net.Sockets;

namespace Ambient.Hbone.Transport;

/// <summary>Turns what sockets and TLS throw into the two kinds that the room knows: reset, and any other IOException.</summary>
internal static class TransportFaults
{
    public static Exception Translate(Exception exception) => exception switch
    {
        TransportResetException => exception,
        SocketException socket => FromSocket(socket),
        IOException { InnerException: SocketException socket } => FromSocket(socket),
        ObjectDisposedException or OperationCanceledException => new TransportResetException("the connection was aborted from here", exception),
        IOException => exception,
        _ => new IOException(exception.Message, exception),
    };

    private static IOException FromSocket(SocketException socket) => socket.SocketErrorCode switch
    {
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown or SocketError.NotConnected
            or SocketError.OperationAborted or SocketError.Interrupted => new TransportResetException(socket.Message, socket),
        _ => new IOException(socket.Message, socket),
    };
}
