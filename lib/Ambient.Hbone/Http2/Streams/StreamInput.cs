using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Tasks.Sources;
using Ambient.Hbone.Connect;
using Ambient.Hbone.Http2.Frames;

namespace Ambient.Hbone.Http2.Streams;

/// <summary>
/// The receiving half of a stream. The connection's reading thread appends and, once it has seen all frames of a read, wakes the user; the user reads
/// from any one thread. What is buffered is bounded by the receive window; arrays go back to the pool as they are consumed.
/// </summary>
internal sealed class StreamInput : PipeReader, IValueTaskSource<ReadResult>
{
    private const int SmallestSegment = 1024;
    private const int LargestSegment = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly Http2Stream _stream;
    private ManualResetValueTaskSourceCore<ReadResult> _source;
    private CancellationTokenRegistration _cancellation;
    private InputSegment? _head;
    private InputSegment? _tail;
    private InputSegment? _spare;
    private int _headIndex;
    private long _appended;
    private long _consumed;
    private long _examined;
    private bool _waiting;
    private bool _cancelled;
    private bool _ended;
    private bool _completed;
    private Exception? _fault;

    public StreamInput(Http2Stream stream)
    {
        _stream = stream;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (TryResult(out ReadResult ready))
            {
                return new ValueTask<ReadResult>(ready);
            }

            _source.Reset();
            _waiting = true;
        }

        short version = _source.Version;
        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken.UnsafeRegister(static (state, token) => ((StreamInput)state!).Cancel(token), this);
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

    /// <summary>What was examined may be given back: a next reader then finds it at once.</summary>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        int released;
        lock (_gate)
        {
            if (examined.GetObject() is InputSegment seen)
            {
                _examined = seen.RunningIndex + examined.GetInteger();
            }

            released = consumed.GetObject() is InputSegment until ? Consume(until, consumed.GetInteger()) : 0;
        }

        _stream.Release(released);
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

    /// <summary>Before the peer's end this resets the stream.</summary>
    public override void Complete(Exception? exception = null)
    {
        int released;
        bool whole;
        bool waiting;
        lock (_gate)
        {
            if (_completed)
            {
                return;
            }

            _completed = true;
            waiting = _waiting;
            _waiting = false;
            whole = _ended || _fault is not null;
            released = Discard();
        }

        _stream.Release(released);
        if (waiting)
        {
            _source.SetException(new OperationCanceledException("the reader was completed while it was read"));
        }

        if (!whole)
        {
            _stream.Reset(ErrorCode.Cancel);
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

    /// <summary>False when nobody will read the bytes: their credit is to be returned at once.</summary>
    internal bool Append(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_completed || _fault is not null)
            {
                return false;
            }

            while (!bytes.IsEmpty)
            {
                if (_tail is null || _tail.Room == 0)
                {
                    AddSegment(bytes.Length);
                }

                int n = _tail!.Append(bytes);
                bytes = bytes[n..];
                _appended += n;
            }

            return true;
        }
    }

    internal void End()
    {
        lock (_gate)
        {
            _ended = true;
        }
    }

    /// <summary>Lets the user go on when there is something for it.</summary>
    internal void Wake()
    {
        ReadResult result;
        lock (_gate)
        {
            if (!_waiting || !TryResult(out result))
            {
                return;
            }

            _waiting = false;
        }

        _source.SetResult(result);
    }

    /// <summary>
    /// The stream has ended abnormally; what nobody has read is dropped, as TCP does on RST. But a peer that has ended and then wants no more itself
    /// (NO_ERROR, or its connection closed in order) has said all of it: that stays readable (RFC 9113 §8.1).
    /// </summary>
    internal void Fail(HboneStreamResetException fault)
    {
        bool waiting;
        int released;
        lock (_gate)
        {
            if (_fault is not null || (_ended && (fault.Code == ErrorCode.NoError || _appended == _consumed)))
            {
                return;
            }

            _fault = fault;
            waiting = _waiting;
            _waiting = false;
            // A user between ReadAsync and AdvanceTo holds the arrays: only one that waits holds none.
            released = waiting ? Discard() : 0;
        }

        _stream.Release(released);
        if (waiting)
        {
            _source.SetException(fault);
        }
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

    private bool TryResult(out ReadResult result)
    {
        ObjectDisposedException.ThrowIf(_completed, this);
        if (_fault is not null)
        {
            // Thrown from ReadAsync and TryRead alike, each time.
            throw _fault;
        }

        if (_appended > _examined || _ended || _cancelled)
        {
            ReadOnlySequence<byte> bytes = _head is null
                ? ReadOnlySequence<byte>.Empty
                : new ReadOnlySequence<byte>(_head, _headIndex, _tail!, _tail!.Length);
            result = new ReadResult(bytes, _cancelled, _ended);
            _cancelled = false;
            return true;
        }

        result = default;
        return false;
    }

    private void AddSegment(int atLeast)
    {
        InputSegment segment = _spare ?? new InputSegment();
        _spare = null;
        int size = _tail is null ? atLeast : Math.Max(atLeast, _tail.Array.Length * 2);
        segment.Rent(Math.Clamp(size, SmallestSegment, LargestSegment), _appended);
        if (_tail is null)
        {
            _head = segment;
            _headIndex = 0;
        }
        else
        {
            _tail.Link(segment);
        }

        _tail = segment;
    }

    private int Consume(InputSegment until, int index)
    {
        while (_head is not null && _head != until)
        {
            DropHead();
        }

        if (_head is null)
        {
            throw new InvalidOperationException("the position is not of this reader");
        }

        _headIndex = index;
        long position = until.RunningIndex + index;
        int released = (int)(position - _consumed);
        _consumed = position;
        _examined = Math.Max(_examined, position);
        if (index == _head.Length && _head.Next is { } next)
        {
            DropHead();
            _head = next;
        }
        else if (position == _appended)
        {
            DropHead();
        }

        return released;
    }

    private void DropHead()
    {
        InputSegment first = _head!;
        _head = first.Next;
        _headIndex = 0;
        if (_head is null)
        {
            _tail = null;
        }

        first.Return();
        _spare = first;
    }

    private int Discard()
    {
        while (_head is not null)
        {
            DropHead();
        }

        int released = (int)(_appended - _consumed);
        _consumed = _examined = _appended;
        return released;
    }
}
