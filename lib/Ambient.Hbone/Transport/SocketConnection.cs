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
    private readonly SocketReader _input;
    private readonly SocketWriter _output;

    /// <param name="socket">Connected; nobody else uses it from now on.</param>
    public SocketConnection(Socket socket)
    {
        _socket = socket;
        socket.NoDelay = true;
        RemoteEndPoint = SocketEnds.Remote(socket);
        LocalEndPoint = SocketEnds.Local(socket);
        _input = new SocketReader(socket);
        _output = new SocketWriter(this, socket);
    }

    public override PipeReader Input => _input;

    public override PipeWriter Output => _output;

    public override PeerIdentity Peer => PeerIdentity.Plaintext;

    public override IPEndPoint RemoteEndPoint { get; }

    public override IPEndPoint LocalEndPoint { get; }

    public override void Abort() => SocketEnds.Abort(_socket);

    public override ValueTask DisposeAsync()
    {
        _output.Complete();
        _socket.Dispose();
        _input.Complete();
        return ValueTask.CompletedTask;
    }
}
