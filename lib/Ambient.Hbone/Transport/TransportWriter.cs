using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Ambient.Hbone.Transport;

/// <summary>
/// A PipeWriter straight over a sending operation: <c>WriteAsync</c> sends from the caller's memory and completes when the transport has taken all of it.
/// One writer at a time.
/// </summary>
internal abstract class TransportWriter : PipeWriter
{
    private const int SmallestBuffer = 4096;

    private byte[] _buffer = [];
    private int _buffered;
    private bool _completed;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(Math.Max(1, sizeHint));
        return _buffer.AsMemory(_buffered);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureRoom(Math.Max(1, sizeHint));
        return _buffer.AsSpan(_buffered);
    }

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bytes, (uint)(_buffer.Length - _buffered));
        _buffered += bytes;
    }

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        if (_buffered > 0)
        {
            source.Span.CopyTo(GetSpan(source.Length));
            Advance(source.Length);
            return FlushAsync(cancellationToken);
        }

        ObjectDisposedException.ThrowIf(_completed, this);
        ValueTask sending = SendAsync(source, cancellationToken);
        if (sending.IsCompletedSuccessfully)
        {
            // Consumed here, or a pooled source would never be given back.
            sending.GetAwaiter().GetResult();
            return default;
        }

        return FinishAsync(sending);
    }

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_buffered == 0)
        {
            return default;
        }

        int length = _buffered;
        _buffered = 0;
        byte[] buffer = _buffer;
        _buffer = [];
        try
        {
            return await WriteAsync(buffer.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public override void CancelPendingFlush()
    {
        // A send that is under way cannot be taken back; abort the connection instead.
    }

    /// <summary>Half-closes without what was not flushed; with an exception resets.</summary>
    public override void Complete(Exception? exception = null)
    {
        if (_completed)
        {
            return;
        }

        _completed = true;
        ReturnBuffer();
        if (exception is null)
        {
            _ = EndAsync().AsTask();
        }
        else
        {
            Abort();
        }
    }

    /// <summary>Flushes and half-closes; with an exception resets. Throws nothing: who half-closes a lost connection learns so when reading.</summary>
    public override async ValueTask CompleteAsync(Exception? exception = null)
    {
        if (_completed)
        {
            return;
        }

        if (exception is not null)
        {
            Complete(exception);
            return;
        }

        try
        {
            await FlushAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            Complete();
            return;
        }

        _completed = true;
        ReturnBuffer();
        await EndAsync().ConfigureAwait(false);
    }

    protected abstract ValueTask SendAsync(ReadOnlyMemory<byte> memory, CancellationToken ct);

    /// <summary>Tells the other side that nothing more comes; throws nothing.</summary>
    protected abstract ValueTask EndAsync();

    protected abstract void Abort();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<FlushResult> FinishAsync(ValueTask sending)
    {
        try
        {
            await sending.ConfigureAwait(false);
            return default;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw TransportFaults.Translate(e);
        }
    }

    private void EnsureRoom(int bytes)
    {
        if (_buffered + bytes <= _buffer.Length)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(SmallestBuffer, Math.Max(_buffered + bytes, _buffer.Length * 2)));
        _buffer.AsSpan(0, _buffered).CopyTo(larger);
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = larger;
    }

    private void ReturnBuffer()
    {
        byte[] old = _buffer;
        _buffer = [];
        _buffered = 0;
        if (old.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(old);
        }
    }
}
