using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Ambient.Core.Identity;
using Ambient.Identity.Tls;

namespace Ambient.Hbone.Transport;

/// <summary>An SslStream after its handshake.</summary>
internal sealed class TlsMeshConnection : MeshConnection
{
    private readonly Socket _socket;
    private readonly SslStream _tls;
    private readonly TlsReader _input;
    private readonly TlsWriter _output;

    public TlsMeshConnection(Socket socket, TlsSocketStream stream, SslStream tls, PeerIdentity peer)
    {
        _socket = socket;
        _tls = tls;
        Peer = peer;
        Tls = TlsFacts.Of(tls);
        RemoteEndPoint = SocketEnds.Remote(socket);
        LocalEndPoint = SocketEnds.Local(socket);
        _input = new TlsReader(tls);
        _output = new TlsWriter(tls, stream, socket);
    }

    public override PipeReader Input => _input;

    public override PipeWriter Output => _output;

    public override PeerIdentity Peer { get; }

    public override string? Tls { get; }

    public override IPEndPoint RemoteEndPoint { get; }

    public override IPEndPoint LocalEndPoint { get; }

    public override void Abort() => SocketEnds.Abort(_socket);

    public override async ValueTask DisposeAsync()
    {
        await _output.CompleteAsync().ConfigureAwait(false);
        // The socket first: a read that waits has to end before the TLS session goes.
        _socket.Dispose();
        await _tls.DisposeAsync().ConfigureAwait(false);
        _input.Complete();
    }
}
