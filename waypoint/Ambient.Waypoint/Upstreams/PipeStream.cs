using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Ambient.Waypoint.Upstreams;

/// <summary>
/// A connection's pipes as a stream, for what knows only streams. One reader and one writer at a time. Each write is sent at once:
/// whoever writes collects beforehand. Continuations run on the thread that brought the bytes. Disposing ends a read that waits, as closing
/// a socket does, and the pipes are closed once nobody reads from them any more.
/// </summary>
/// <param name="pipes">Owned.</param>
/// <param name="close">Ends the connection; called once.</param>
internal sealed class PipeStream(IDuplexPipe pipes, Action close) : Stream
{
    private readonly PipeReader _input = pipes.Input;
    private readonly PipeWriter _output = pipes.Output;
    private const int Reading = 1;
    private const int Closed = 2;
    private int _state;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Enter();
        try
        {
            if (!_input.TryRead(out ReadResult ready))
            {
                return WaitAsync(buffer, cancellationToken);
            }

            if (ready.Buffer.IsEmpty && !ready.IsCompleted)
            {
                _input.AdvanceTo(ready.Buffer.End);
                return WaitAsync(buffer, cancellationToken);
            }

            int taken = Take(ready, buffer.Span);
            Leave();
            return new ValueTask<int>(taken);
        }
        catch
        {
            Leave();
            throw;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        await _output.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("blocking reads are not served");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("blocking writes are not served");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>No more will be written; the other side may go on.</summary>
    internal ValueTask HalfCloseAsync() => _output.CompleteAsync();

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Or(ref _state, Closed) is var before && (before & Closed) == 0)
        {
            if ((before & Reading) == 0)
            {
                close();
            }
            else
            {
                _input.CancelPendingRead();
            }
        }

        base.Dispose(disposing);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> WaitAsync(Memory<byte> buffer, CancellationToken ct)
    {
        try
        {
            while ((Volatile.Read(ref _state) & Closed) == 0)
            {
                ReadResult result = await _input.ReadAsync(ct);
                if (!result.Buffer.IsEmpty || result.IsCompleted)
                {
                    return Take(result, buffer.Span);
                }

                _input.AdvanceTo(result.Buffer.End);
            }

            throw new ObjectDisposedException(nameof(PipeStream));
        }
        finally
        {
            Leave();
        }
    }

    private void Enter() => ObjectDisposedException.ThrowIf((Interlocked.Or(ref _state, Reading) & Closed) != 0, this);

    /// <summary>Whoever disposed meanwhile left the closing to the reader.</summary>
    private void Leave()
    {
        if ((Interlocked.And(ref _state, ~Reading) & Closed) != 0)
        {
            close();
        }
    }

    private int Take(ReadResult result, Span<byte> into)
    {
        ReadOnlySequence<byte> bytes = result.Buffer;
        if (bytes.Length > into.Length)
        {
            bytes = bytes.Slice(0, into.Length);
        }

        bytes.CopyTo(into);
        int taken = (int)bytes.Length;
        _input.AdvanceTo(bytes.End);
        return taken;
    }
}
