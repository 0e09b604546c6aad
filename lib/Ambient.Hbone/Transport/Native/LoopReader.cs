using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace Ambient.Hbone.Transport.Native;

/// <summary>
/// Reads straight from the socket into one rented array: none while idle, 4 KiB at first, then 16, 64 and 256 KiB as reads fill it.
/// One reader at a time, as every <see cref="PipeReader"/>; completion comes from the loop's thread.
/// </summary>
internal sealed class LoopReader(LoopConnection connection) : PipeReader, IValueTaskSource<ReadResult>
{
    private const int SmallestBuffer = 4 * 1024;
    private const int UsualLargest = 256 * 1024;

    /// <summary>A consumer that never consumes gets no more than this: larger than the largest frame that HTTP/2 settings here allow.</summary>
    private const int Bound = 4 * 1024 * 1024;

    private ManualResetValueTaskSourceCore<ReadResult> _source;
    private CancellationTokenRegistration _cancellation;
    private byte[]? _buffer;
    private int _start;
    private int _end;
    private int _nextSize = SmallestBuffer;
    private bool _sawAll;
    private bool _ended;
    private bool _completed;
    private bool _cancelRequested;
    private bool _waiting;
    private CancellationToken _token;

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        // Positions are indexes into the array that the last result showed; an empty result has no array.
        if (consumed.GetObject() is null)
        {
            _sawAll = true;
            return;
        }

        _start = consumed.GetInteger();
        _sawAll = examined.GetInteger() >= _end;
        if (_start >= _end)
        {
            _start = _end = 0;
            _sawAll = true;
        }
    }

    public override bool TryRead(out ReadResult result)
    {
        ThrowIfCompleted();
        lock (connection.Gate)
        {
            return TryTake(out result);
        }
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfCompleted();
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<ReadResult>(cancellationToken);
        }

        short version;
        bool comeBack = false;
        lock (connection.Gate)
        {
            if (_waiting)
            {
                throw new InvalidOperationException("a read is under way already");
            }

            if (!connection.TakeRead() && !_ended)
            {
                comeBack = true;
            }
            else
            {
                try
                {
                    if (TryTake(out ReadResult result))
                    {
                        return new ValueTask<ReadResult>(result);
                    }
                }
                catch (IOException e)
                {
                    return ValueTask.FromException<ReadResult>(e);
                }
            }

            _source.Reset();
            version = _source.Version;
            _waiting = true;
            _token = cancellationToken;
        }

        if (comeBack)
        {
            connection.ComeBack();
        }

        if (cancellationToken.CanBeCanceled)
        {
            CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static r => ((LoopReader)r!).OnCancelled(), this);
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

        return new ValueTask<ReadResult>(this, version);
    }

    /// <summary>Called when the socket may have something, the turn has come round, or the connection is closed.</summary>
    public void OnReadable()
    {
        ReadResult result = default;
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
                if (!TryTake(out result))
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

    public override void CancelPendingRead()
    {
        lock (connection.Gate)
        {
            _cancelRequested = true;
        }

        OnReadable();
    }

    public override void Complete(Exception? exception = null)
    {
        lock (connection.Gate)
        {
            _completed = true;
            ReturnBuffer();
        }
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(
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

    private void Finish(in ReadResult result, Exception? failure)
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

    /// <summary>Under the gate: what there is, or what the socket gives now.</summary>
    private bool TryTake(out ReadResult result)
    {
        if (_cancelRequested)
        {
            _cancelRequested = false;
            result = new ReadResult(Shown(), isCanceled: true, _ended);
            return true;
        }

        if ((_end > _start && !_sawAll) || _ended)
        {
            result = new ReadResult(Shown(), isCanceled: false, _ended);
            return true;
        }

        connection.ThrowIfClosed();
        bool rented = _buffer is null;
        MakeRoom();
        int count = connection.TryReceive(_buffer.AsSpan(_end));
        if (count < 0)
        {
            if (rented || _start == _end)
            {
                ReturnBuffer();
            }

            result = default;
            return false;
        }

        _ended = count == 0;
        if (count == _buffer!.Length - _end && _buffer.Length < UsualLargest)
        {
            _nextSize = Math.Min(_buffer.Length * 4, UsualLargest);
        }

        _end += count;
        _sawAll = false;
        result = new ReadResult(Shown(), isCanceled: false, _ended);
        return true;
    }

    private ReadOnlySequence<byte> Shown() =>
        _buffer is null || _start == _end ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(_buffer, _start, _end - _start);

    private void MakeRoom()
    {
        if (_buffer is null)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(_nextSize);
            _start = _end = 0;
            return;
        }

        int held = _end - _start;
        bool grow = held == 0 ? _nextSize > _buffer.Length : held > _buffer.Length / 2;
        if (grow)
        {
            int size = Math.Max(_nextSize, held * 2);
            if (size > Bound)
            {
                throw new IOException($"{held} bytes were read and none of them consumed");
            }

            byte[] larger = ArrayPool<byte>.Shared.Rent(size);
            _buffer.AsSpan(_start, held).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        else if (_start > 0 && held > 0)
        {
            _buffer.AsSpan(_start, held).CopyTo(_buffer);
        }

        _start = 0;
        _end = held;
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

    private void ThrowIfCompleted()
    {
        if (_completed)
        {
            throw new InvalidOperationException("this reader was completed");
        }
    }
}
