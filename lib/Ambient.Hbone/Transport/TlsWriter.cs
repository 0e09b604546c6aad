using System.Net.Security;
using System.Net.Sockets;

namespace Ambient.Hbone.Transport;

internal sealed class TlsWriter : TransportWriter
{
    private const int Record = 16 * 1024;
    private const int RecordOverhead = 64;

    // Records that leave together: more would only make the other side wait for its first bytes.
    private const int Batch = 8 * Record;

    private readonly SslStream _tls;
    private readonly TlsSocketStream _stream;
    private readonly Socket _socket;

    public TlsWriter(SslStream tls, TlsSocketStream stream, Socket socket)
    {
        _tls = tls;
        _stream = stream;
        _socket = socket;
    }

    protected override ValueTask SendAsync(ReadOnlyMemory<byte> memory, CancellationToken ct) =>
        memory.Length <= Record ? _tls.WriteAsync(memory, ct) : SendBatchesAsync(memory, ct);

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

    private async ValueTask SendBatchesAsync(ReadOnlyMemory<byte> memory, CancellationToken ct)
    {
        while (!memory.IsEmpty)
        {
            ReadOnlyMemory<byte> batch = memory[..Math.Min(memory.Length, Batch)];
            memory = memory[batch.Length..];
            _stream.Cork(batch.Length + (batch.Length / Record + 2) * RecordOverhead);
            try
            {
                await _tls.WriteAsync(batch, ct).ConfigureAwait(false);
            }
            finally
            {
                await _stream.UncorkAsync(ct).ConfigureAwait(false);
            }
        }
    }
}
