using System.Net.Security;
using System.Net.Sockets;

namespace Ambient.Hbone.Transport;

internal sealed class TlsWriter : TransportWriter
{
    private readonly SslStream _tls;
    private readonly Socket _socket;

    public TlsWriter(SslStream tls, Socket socket)
    {
        _tls = tls;
        _socket = socket;
    }

    protected override ValueTask SendAsync(ReadOnlyMemory<byte> memory, CancellationToken ct) => _tls.WriteAsync(memory, ct);

    protected override async ValueTask EndAsync()
    {
        try
        {
            await _tls.ShutdownAsync().ConfigureAwait(false);
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Gone already, which reading tells.
        }
    }

    protected override void Abort() => SocketEnds.Abort(_socket);
}
