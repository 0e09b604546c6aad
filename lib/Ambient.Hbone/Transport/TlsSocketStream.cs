using System.Buffers;
using System.Net.Sockets;

namespace Ambient.Hbone.Transport;

/// <summary>
/// What SslStream reads its records from and writes them to. SslStream sends each record of 16 KiB by itself; while corked the records of one
/// write are gathered and leave in one system call, which is worth far more than the copy.
/// </summary>
internal sealed class TlsSocketStream : NetworkStream
{
    private readonly Lock _gate = new();
    private byte[] _gathered = [];
    private int _length;
    private bool _corked;

    public TlsSocketStream(Socket socket)
        : base(socket, ownsSocket: false)
    {
    }

    /// <param name="capacity">Bytes that will come at most, records' overhead included; more are sent at once.</param>
    public void Cork(int capacity)
    {
        lock (_gate)
        {
            _gathered = ArrayPool<byte>.Shared.Rent(capacity);
            _length = 0;
            _corked = true;
        }
    }

    /// <summary>Sends what was gathered.</summary>
    public async ValueTask UncorkAsync(CancellationToken ct)
    {
        byte[] bytes;
        int length;
        lock (_gate)
        {
            (bytes, length) = (_gathered, _length);
            _gathered = [];
            _length = 0;
            _corked = false;
        }

        try
        {
            await base.WriteAsync(bytes.AsMemory(0, length), ct).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_corked && buffer.Length <= _gathered.Length - _length)
            {
                buffer.Span.CopyTo(_gathered.AsSpan(_length));
                _length += buffer.Length;
                return default;
            }
        }

        return WriteThroughAsync(buffer, cancellationToken);
    }

    private async ValueTask WriteThroughAsync(ReadOnlyMemory<byte> buffer, CancellationToken ct)
    {
        // Nothing may overtake what was gathered.
        int gathered;
        lock (_gate)
        {
            gathered = _length;
            _length = 0;
        }

        if (gathered > 0)
        {
            await base.WriteAsync(_gathered.AsMemory(0, gathered), ct).ConfigureAwait(false);
        }

        await base.WriteAsync(buffer, ct).ConfigureAwait(false);
    }
}
