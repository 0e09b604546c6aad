using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Ambient.Core.Identity;
using Ambient.Identity.Tls;

namespace Ambient.Hbone.Transport;

/// <summary>A plaintext connection (the application's side). Owns the socket.</summary>
public sealed class SocketConnection : MeshConnection
{
    private readonly Socket _socket;

    public SocketConnection(Socket socket)
    {
        _socket = socket;
    }

    public override PipeReader Input => throw new NotSupportedException();

    public override PipeWriter Output => throw new NotSupportedException();

    public override PeerIdentity Peer => PeerIdentity.Plaintext;

    public override IPEndPoint RemoteEndPoint => (IPEndPoint)_socket.RemoteEndPoint!;

    public override IPEndPoint LocalEndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    public override void Abort() => _socket.Close(0);

    public override ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
