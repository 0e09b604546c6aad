using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Tasks.Sources;
using Ambient.Hbone.Http2.Frames;
using Ambient.Hbone.Http2.Output;

namespace Ambient.Hbone.Http2.Streams;

/// <summary>
/// The sending half of a stream. <c>WriteAsync</c> frames straight from the caller's memory and completes when all of it has been taken
/// into the connection's buffer: a stream buffers nothing of its own but what was put in by <c>GetMemory</c>.
/// The internal fields belong to <see cref="ConnectionOutput"/>, under its lock.
/// </summary>
internal sealed class StreamOutput : PipeWriter, IValueTaskSource<FlushResult>
{
    private const int SmallestBuffer = 4096;

    private readonly Http2Stream _stream;
    private readonly ConnectionOutput _connection;
    private readonly int _maxBuffered;
    private ManualResetValueTaskSourceCore<FlushResult> _source;
    private CancellationTokenRegistration _cancellation;
    private byte[] _buffer = [];
    private int _buffered;
    private bool _completed;

    public StreamOutput(Http2Stream stream, ConnectionOutput connection, int maxBuffered)
    {
        _stream = stream;
        _connection = connection;
        _maxBuffered = maxBuffered;
    }

    internal int StreamId => _stream.Id;

    internal long Window { get; set; }

    internal ReadOnlyMemory<byte> Remaining { get; set; }

    internal bool EndRequested { get; set; }

    internal bool EndSent { get; set; }

    internal bool Queued { get; set; }

    internal bool Waiting { get; set; }

    internal Exception? Fault { get; set; }

    internal StreamOutput? NextQueued { get; set; }

    internal StreamOutput? NextDone { get; set; }

    /// <summary>Counts frames, for the stall watch.</summary>
    internal int Progress { get; set; }

    /// <summary>What the stall watch saw last, and when; the connection's timer only.</summary>
    internal (int Progress, long Since) Watched { get; set; }

    internal bool AllSent => Remaining.IsEmpty && (!EndRequested || EndSent);

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

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        ReadOnlyMemory<byte> data = _buffer.AsMemory(0, _buffered);
        return Send(data, cancellationToken);
    }

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        if (_buffered == 0)
        {
            return Send(source, cancellationToken);
        }

        source.Span.CopyTo(GetSpan(source.Length));
        Advance(source.Length);
        return FlushAsync(cancellationToken);
    }

    /// <summary>Half-closes; with an exception resets the stream.</summary>
    public override void Complete(Exception? exception = null)
    {
        if (_completed)
        {
            return;
        }

        _completed = true;
        if (exception is not null || Waiting)
        {
            _stream.Reset(exception is null ? ErrorCode.Cancel : ErrorCode.InternalError);
            return;
        }

        // A write that nobody waits for any longer goes first.
        ReadOnlyMemory<byte> data = Leftover(_buffer.AsMemory(0, _buffered));
        if (_connection.Send(this, data, end: true, waits: false))
        {
            Resume(waiting: false);
        }
    }

    public override ValueTask CompleteAsync(Exception? exception = null)
    {
        Complete(exception);
        return ValueTask.CompletedTask;
    }

    public override void CancelPendingFlush()
    {
        if (_connection.Detach(this))
        {
            ReturnBuffer();
            _source.SetResult(new FlushResult(isCanceled: true, isCompleted: false));
        }
    }

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token)
    {
        FlushResult result = _source.GetResult(token);
        _cancellation.Dispose();
        return result;
    }

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    /// <summary>All that was handed over is out. Called outside the lock.</summary>
    internal void Resume(bool waiting)
    {
        // After a cancelled flush the buffer may hold new data already.
        if (waiting || _completed)
        {
            ReturnBuffer();
        }

        if (EndSent)
        {
            _stream.OnLocalEnd();
        }

        if (waiting)
        {
            _source.SetResult(default);
        }
    }

    /// <summary>The stream has ended abnormally. Called outside the lock.</summary>
    internal void Fail(Exception fault)
    {
        if (_connection.Drop(this, fault))
        {
            _source.SetException(fault);
        }
    }

    private ValueTask<FlushResult> Send(ReadOnlyMemory<byte> data, CancellationToken ct)
    {
        if (_completed)
        {
            throw new InvalidOperationException("the stream was completed");
        }

        if (ct.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<FlushResult>(ct);
        }

        data = Leftover(data);
        if (data.IsEmpty)
        {
            return Fault is { } gone ? ValueTask.FromException<FlushResult>(gone) : default;
        }

        _source.Reset();
        short version = _source.Version;
        if (!_connection.Send(this, data, end: false, waits: true))
        {
            if (ct.CanBeCanceled)
            {
                _cancellation = ct.UnsafeRegister(static (state, token) => ((StreamOutput)state!).Cancel(token), this);
            }

            return new ValueTask<FlushResult>(this, version);
        }

        ReturnBuffer();
        return Fault is { } fault ? ValueTask.FromException<FlushResult>(fault) : default;
    }

    private void Cancel(CancellationToken token)
    {
        if (_connection.Detach(this))
        {
            ReturnBuffer();
            _source.SetException(new OperationCanceledException(token));
        }
    }

    // After a cancelled flush some of the earlier data may still wait: it goes before the new.
    private ReadOnlyMemory<byte> Leftover(ReadOnlyMemory<byte> data)
    {
        ReadOnlyMemory<byte> earlier = _connection.TakeLeftover(this);
        if (earlier.IsEmpty)
        {
            return data;
        }

        if (earlier.Length + data.Length > _maxBuffered)
        {
            throw new InvalidOperationException("more is written than the peer takes, and flushes are not awaited");
        }

        byte[] both = new byte[earlier.Length + data.Length];
        earlier.CopyTo(both);
        data.CopyTo(both.AsMemory(earlier.Length));
        return both;
    }

    private void ReturnBuffer()
    {
        _buffered = 0;
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private void EnsureRoom(int bytes)
    {
        int needed = _buffered + bytes;
        if (needed <= _buffer.Length)
        {
            return;
        }

        if (needed > _maxBuffered)
        {
            throw new InvalidOperationException("more than the stream's send buffer was written without a flush");
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(SmallestBuffer, Math.Max(needed, _buffer.Length * 2)));
        _buffer.AsSpan(0, _buffered).CopyTo(larger);
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = larger;
    }
}
