using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace Ambient.Hbone.Transport.Native;

/// <summary>
/// Writes straight to the socket. What was got and advanced lies in one rented array until the flush; what is given to
/// <see cref="WriteAsync"/> is sent from where it lies. A flush completes when the kernel has everything: that is the back-pressure.
/// One writer at a time, as every <see cref="PipeWriter"/>.
/// </summary>
internal sealed class LoopWriter(LoopConnection connection) : PipeWriter, IValueTaskSource<FlushResult>
{
    private const int UsualBuffer = 4 * 1024;

    /// <summary>No flush in between, no more than this.</summary>
    private const int Bound = 8 * 1024 * 1024;

    private ManualResetValueTaskSourceCore<FlushResult> _source;
    private CancellationTokenRegistration _cancellation;
    private byte[]? _buffer;
    private int _start;
    private int _end;
    private ReadOnlyMemory<byte> _direct;
    private bool _completed;
    private bool _cancelRequested;
    private bool _waiting;
    private CancellationToken _token;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _end - _start;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(Math.Max(sizeHint, 256));
        return _buffer.AsMemory(_end);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(Math.Max(sizeHint, 256));
        return _buffer.AsSpan(_end);
    }

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, (_buffer?.Length ?? 0) - _end);
        _end += bytes;
    }

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        _direct = source;
        return FlushAsync(cancellationToken);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_completed)
        {
            throw new InvalidOperationException("this writer was completed");
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<FlushResult>(cancellationToken);
        }

        short version;
        lock (connection.Gate)
        {
            if (_waiting)
            {
                throw new InvalidOperationException("a flush is under way already");
            }

            try
            {
                if (TryFinish(out FlushResult result))
                {
                    return new ValueTask<FlushResult>(result);
                }
            }
            catch (IOException e)
            {
                return ValueTask.FromException<FlushResult>(e);
            }

            _source.Reset();
            version = _source.Version;
            _waiting = true;
            _token = cancellationToken;
        }

        if (cancellationToken.CanBeCanceled)
        {
            CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static w => ((LoopWriter)w!).OnCancelled(), this);
            bool late;
            lock (connection.Gate)
            {
                late = !_waiting;
                _cancellation = late ? default : registration;
            }

            if (late)
            {
                registration.Unregister();
            }
        }

        return new ValueTask<FlushResult>(this, version);
    }

    /// <summary>Called when the socket takes bytes again or is closed.</summary>
    public void OnWritable()
    {
        FlushResult result = default;
        Exception? failure = null;
        CancellationTokenRegistration registration;
        lock (connection.Gate)
        {
            if (!_waiting)
            {
                return;
            }

            try
            {
                if (!TryFinish(out result))
                {
                    return;
                }
            }
            catch (IOException e)
            {
                failure = e;
            }

            _waiting = false;
            (registration, _cancellation) = (_cancellation, default);
        }

        registration.Unregister();
        Finish(result, failure);
    }

    public override void CancelPendingFlush()
    {
        lock (connection.Gate)
        {
            _cancelRequested = true;
        }

        OnWritable();
    }

    /// <summary>Half-close: what is unflushed goes if the socket takes it at once, then the peer is told that no more follows.</summary>
    public override void Complete(Exception? exception = null)
    {
        if (_completed)
        {
            return;
        }

        _completed = true;
        lock (connection.Gate)
        {
            try
            {
                TryFinish(out _);
            }
            catch (IOException)
            {
                // The peer is gone: nobody is left to tell.
            }

            ReturnBuffer();
        }

        if (exception is null)
        {
            connection.EndOutput();
        }
        else
        {
            connection.Abort();
        }
    }

    public override async ValueTask CompleteAsync(Exception? exception = null)
    {
        if (!_completed && exception is null && _end > _start)
        {
            await FlushAsync();
        }

        Complete(exception);
    }

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void OnCancelled()
    {
        lock (connection.Gate)
        {
            if (!_waiting)
            {
                return;
            }

            _waiting = false;
            _cancellation = default;
        }

        Finish(default, new OperationCanceledException(_token));
    }

    private void Finish(in FlushResult result, Exception? failure)
    {
        if (failure is null)
        {
            _source.SetResult(result);
        }
        else
        {
            _source.SetException(failure);
        }
    }

    /// <summary>Under the gate: sends what can be sent; true when everything has left or a cancel was asked for.</summary>
    private bool TryFinish(out FlushResult result)
    {
        result = default;
        if (_cancelRequested)
        {
            _cancelRequested = false;
            result = new FlushResult(isCanceled: true, isCompleted: false);
            return true;
        }

        connection.ThrowIfClosed();
        if (_end > _start)
        {
            _start += connection.TrySend(_buffer.AsSpan(_start, _end - _start));
            if (_start < _end)
            {
                return false;
            }

            ReturnBuffer();
        }

        if (!_direct.IsEmpty)
        {
            _direct = _direct[connection.TrySend(_direct.Span)..];
            if (!_direct.IsEmpty)
            {
                return false;
            }

            _direct = default;
        }

        return connection.TryDrain();
    }

    private void MakeRoom(int atLeast)
    {
        if (_buffer is null)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(UsualBuffer, atLeast));
            _start = _end = 0;
        }
        else if (_buffer.Length - _end < atLeast)
        {
            int held = _end - _start;
            if (held + atLeast > Bound)
            {
                throw new InvalidOperationException($"{held} bytes were written without a flush");
            }

            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(held * 2, held + atLeast));
            _buffer.AsSpan(_start, held).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            (_buffer, _start, _end) = (larger, 0, held);
        }
    }

    private void ReturnBuffer()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            _start = _end = 0;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
