using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Ambient.Hbone.Transport;

/// <summary>
/// A PipeReader straight over a receiving operation: one rented buffer, no pump task, nothing allocated a read. Completions run on
/// the thread that the operation completes on. A cancelled wait leaves the operation running; the next read takes it over.
/// Owns its buffer; it goes back when the reader is completed and no operation uses it.
/// </summary>
internal abstract class TransportReader : PipeReader, IValueTaskSource<ReadResult>
{
    // Nothing above needs so much at once; a user that examines without consuming is stopped here.
    private const int MaxBuffered = 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Action _onReceived;
    private ManualResetValueTaskSourceCore<ReadResult> _source;
    private ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter _receive;
    private CancellationTokenRegistration _cancellation;
    private ReadSizing _sizing;
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private int _examined;
    private int _room;
    private bool _receiving;
    private bool _waiting;
    private bool _cancelled;
    private bool _ended;
    private bool _completed;
    private Exception? _fault;

    protected TransportReader(ReadSizing sizing)
    {
        _sizing = sizing;
        _onReceived = OnReceived;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        bool start;
        lock (_gate)
        {
            if (TryResult(out ReadResult ready))
            {
                return new ValueTask<ReadResult>(ready);
            }

            _source.Reset();
            _waiting = true;
            start = !_receiving;
            _receiving = true;
        }

        short version = _source.Version;
        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken.UnsafeRegister(static (state, token) => ((TransportReader)state!).Cancel(token), this);
        }

        if (start)
        {
            Receive(arrived: false);
        }

        return new ValueTask<ReadResult>(this, version);
    }

    public override bool TryRead(out ReadResult result)
    {
        lock (_gate)
        {
            return TryResult(out result);
        }
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(consumed.GetObject(), _buffer))
            {
                return;
            }

            _start = consumed.GetInteger();
            _examined = Math.Max(_start, examined.GetInteger());
            if (_start == _end && !_receiving)
            {
                _start = _end = _examined = 0;
            }
        }
    }

    public override void CancelPendingRead()
    {
        ReadResult result;
        lock (_gate)
        {
            _cancelled = true;
            if (!_waiting || !TryResult(out result))
            {
                return;
            }

            _waiting = false;
        }

        _source.SetResult(result);
    }

    public override void Complete(Exception? exception = null)
    {
        lock (_gate)
        {
            _completed = true;
            if (!_receiving)
            {
                ReturnBuffer();
            }
        }
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token)
    {
        ReadResult result = _source.GetResult(token);
        _cancellation.Dispose();
        return result;
    }

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    /// <summary>Receives into the memory, 0 at the end of the bytes; with empty memory returns 0 when something can be received.</summary>
    protected abstract ValueTask<int> ReceiveAsync(Memory<byte> memory);

    private void OnReceived() => Receive(arrived: true);

    // One loop for both ways in: a new operation, or the end of one that had to wait. Never called twice at a time.
    private void Receive(bool arrived)
    {
        try
        {
            while (true)
            {
                if (!arrived)
                {
                    Memory<byte> room = NextRoom();
                    _room = room.Length;
#pragma warning disable CA2012 // the awaiter is a field because its continuation is one delegate for all reads; it is used once
                    _receive = ReceiveAsync(room).ConfigureAwait(false).GetAwaiter();
#pragma warning restore CA2012
                    if (!_receive.IsCompleted)
                    {
                        _receive.UnsafeOnCompleted(_onReceived);
                        return;
                    }
                }

                arrived = false;
                int received = _receive.GetResult();
                if (_room > 0)
                {
                    Finish(received, null);
                    return;
                }
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Finish(0, TransportFaults.Translate(e));
        }
    }

    // Empty when the wait is to be without a buffer.
    private Memory<byte> NextRoom()
    {
        lock (_gate)
        {
            if (_start == _end)
            {
                _start = _end = _examined = 0;
                if (_buffer.Length > _sizing.Kept && _room != 0)
                {
                    ReturnBuffer();
                    return default;
                }

                if (_sizing.Next > _sizing.Kept && _buffer.Length == 0 && _room != 0)
                {
                    return default;
                }
            }

            MakeRoom();
            return _buffer.AsMemory(_end);
        }
    }

    private void MakeRoom()
    {
        if (_end < _buffer.Length)
        {
            return;
        }

        int held = _end - _start;
        if (held > 0 && _start > 0 && held <= _buffer.Length / 2)
        {
            Buffer.BlockCopy(_buffer, _start, _buffer, 0, held);
        }
        else
        {
            int size = Math.Max(_sizing.Next, held * 2);
            if (size > 2 * MaxBuffered)
            {
                throw new InvalidOperationException("more is left unread than a reader may hold");
            }

            byte[] larger = ArrayPool<byte>.Shared.Rent(size);
            _buffer.AsSpan(_start, held).CopyTo(larger);
            byte[] old = _buffer;
            _buffer = larger;
            if (old.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(old);
            }
        }

        _examined -= _start;
        _start = 0;
        _end = held;
    }

    private void Finish(int received, Exception? fault)
    {
        ReadResult result = default;
        bool wake;
        lock (_gate)
        {
            _receiving = false;
            if (fault is not null)
            {
                _fault = fault;
            }
            else if (received == 0)
            {
                _ended = true;
            }
            else
            {
                _end += received;
                _sizing.OnRead(_room, received);
            }

            _room = -1;
            if (_completed)
            {
                ReturnBuffer();
            }

            wake = _waiting && (fault is not null || TryResult(out result));
            if (wake)
            {
                _waiting = false;
            }
        }

        Wake(wake, result, fault);
    }

    private void Wake(bool wake, ReadResult result, Exception? fault)
    {
        if (!wake)
        {
            return;
        }

        if (fault is not null)
        {
            _source.SetException(fault);
        }
        else
        {
            _source.SetResult(result);
        }
    }

    private bool TryResult(out ReadResult result)
    {
        ObjectDisposedException.ThrowIf(_completed, this);
        if (_end > _examined || _ended || _cancelled)
        {
            result = new ReadResult(new ReadOnlySequence<byte>(_buffer, _start, _end - _start), _cancelled, _ended);
            _cancelled = false;
            return true;
        }

        result = default;
        return _fault is null ? false : throw _fault;
    }

    private void Cancel(CancellationToken token)
    {
        lock (_gate)
        {
            if (!_waiting)
            {
                return;
            }

            _waiting = false;
        }

        _source.SetException(new OperationCanceledException(token));
    }

    private void ReturnBuffer()
    {
        byte[] old = _buffer;
        _buffer = [];
        _start = _end = _examined = 0;
        if (old.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(old);
        }
    }
}
