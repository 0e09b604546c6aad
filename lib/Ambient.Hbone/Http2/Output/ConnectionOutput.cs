using System.IO.Pipelines;
using Ambient.Hbone.Http2.Frames;
using Ambient.Hbone.Http2.Streams;
using Ambient.Identity.Tls;

namespace Ambient.Hbone.Http2.Output;

/// <summary>
/// Everything that a connection sends. Any thread appends frames under one short lock; whoever finds no write under way becomes the
/// writer and goes on until nothing is pending (so frames that come meanwhile share the next write).
/// No lock is held over a write, and no stream is called back under the lock.
/// </summary>
internal sealed class ConnectionOutput
{
    // Above the send buffer there is this much room for control frames: more means that the peer makes us answer and does not read.
    private const int ControlRoom = 128 * 1024;

    // A full TLS record: waiting for more would gain nothing.
    private const int WorthWriting = 16 * 1024;

    private static readonly Action<object> OnTurnEnd = static output => ((ConnectionOutput)output).EndTurn();

    private readonly Lock _gate = new();
    private readonly PipeWriter _transport;
    private readonly int _sendBuffer;
    private readonly SendSchedule _schedule;
    private readonly TaskCompletionSource _drained = new();
    private OutputBuffer _pending = new();
    private OutputBuffer _inFlight = new();
    private int _initialWindow = PeerSettings.DefaultWindow;
    private int _pendingLength;
    private int _corked;
    private bool _writing;
    private bool _turnAsked;
    private bool _closed;

    public ConnectionOutput(PipeWriter transport, int sendBuffer)
    {
        _transport = transport;
        _sendBuffer = Math.Max(sendBuffer, SendSchedule.LeastBuffer);
        _schedule = new SendSchedule(_sendBuffer);
    }

    /// <summary>The writer failed: the connection is lost.</summary>
    public Action<Exception>? Failed { get; init; }

    /// <summary>Knows when a turn of its loop ends: small frames wait until then, so that what many streams say in one turn is one write.</summary>
    public MeshConnection? Turns { get; init; }

    /// <summary>The peer lets answers pile up.</summary>
    public bool Overflowing => Volatile.Read(ref _pendingLength) > _sendBuffer + ControlRoom;

    /// <summary>Streams wait to write: another connection would serve better.</summary>
    public bool Saturated => Volatile.Read(ref _pendingLength) > _sendBuffer / 2;

    public void Cork()
    {
        lock (_gate)
        {
            _corked++;
        }
    }

    public void Uncork()
    {
        lock (_gate)
        {
            _corked--;
        }

        Kick();
    }

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            bytes.CopyTo(Append(bytes.Length));
        }

        Kick();
    }

    public void Control<TFrame>(TFrame frame)
        where TFrame : struct, IControlFrame
    {
        lock (_gate)
        {
            frame.Write(Append(TFrame.Length));
        }

        Kick();
    }

    public void RstStream(int streamId, ErrorCode code) => Control(new RstStreamFrame(streamId, code));

    public void Ping(long opaque, bool ack) => Control(new PingFrame(opaque, ack));

    public void WindowUpdate(int streamId, int increment) => Control(new WindowUpdateFrame(streamId, increment));

    public void GoAway(int lastStreamId, ErrorCode code) => Control(new GoAwayFrame(lastStreamId, code));

    /// <summary>HEADERS of a stream that exists, with CONTINUATION where the peer's frames are too small.</summary>
    public void Headers(int streamId, ReadOnlySpan<byte> block, bool endStream)
    {
        lock (_gate)
        {
            AppendHeaders(streamId, block, endStream);
        }

        Kick();
    }

    /// <summary>
    /// HEADERS of a new stream of ours: numbers have to reach the wire in order, so the number is taken under the lock
    /// (<paramref name="register"/> returns 0 when there is none left, and must not call back here).
    /// </summary>
    public bool Open(StreamOutput stream, ReadOnlySpan<byte> block, Func<int> register)
    {
        lock (_gate)
        {
            stream.Window = _initialWindow;
            int id = _closed ? 0 : register();
            if (id == 0)
            {
                return false;
            }

            AppendHeaders(id, block, endStream: false);
        }

        Kick();
        return true;
    }

    /// <summary>A stream of the peer's begins.</summary>
    public void Register(StreamOutput stream)
    {
        lock (_gate)
        {
            stream.Window = _initialWindow;
        }
    }

    /// <summary>Takes over data of a stream; false when some has to wait: <see cref="StreamOutput.Resume"/> is called when it is out or lost.</summary>
    public bool Send(StreamOutput stream, ReadOnlyMemory<byte> data, bool end, bool waits)
    {
        bool done;
        lock (_gate)
        {
            if (stream.Fault is not null || _closed)
            {
                return true;
            }

            stream.Remaining = data;
            stream.EndRequested |= end;
            _schedule.Begin(_pending, stream);
            _pendingLength = _pending.Length;
            done = stream.AllSent;
            if (!done)
            {
                stream.Waiting = waits;
                _schedule.Park(stream);
            }
        }

        Kick();
        return done;
    }

    /// <summary>The user no longer waits, so its memory may not be used any longer: what is left is kept in a copy.</summary>
    public bool Detach(StreamOutput stream)
    {
        lock (_gate)
        {
            if (!stream.Waiting)
            {
                return false;
            }

            stream.Remaining = stream.Remaining.ToArray();
            stream.Waiting = false;
            return true;
        }
    }

    /// <summary>What a cancelled flush left behind; it is the caller's again.</summary>
    public ReadOnlyMemory<byte> TakeLeftover(StreamOutput stream)
    {
        lock (_gate)
        {
            ReadOnlyMemory<byte> left = stream.Remaining;
            stream.Remaining = default;
            _schedule.Remove(stream);
            return left;
        }
    }

    /// <summary>The stream is over; nothing more of it is sent. Returns whether its user waits.</summary>
    public bool Drop(StreamOutput stream, Exception fault)
    {
        lock (_gate)
        {
            stream.Fault ??= fault;
            stream.Remaining = default;
            _schedule.Remove(stream);
            bool waiting = stream.Waiting;
            stream.Waiting = false;
            return waiting;
        }
    }

    /// <summary>False when the window would pass 2^31-1.</summary>
    public bool Grant(StreamOutput stream, int increment)
    {
        StreamOutput? done = null;
        bool valid;
        lock (_gate)
        {
            valid = _schedule.Widen(stream, increment);
            if (valid)
            {
                done = Service();
            }
        }

        Resume(done);
        return valid;
    }

    public bool GrantConnection(int increment)
    {
        StreamOutput? done;
        lock (_gate)
        {
            if (_schedule.Framer.ConnectionWindow + increment > int.MaxValue)
            {
                return false;
            }

            _schedule.Framer.ConnectionWindow += increment;
            done = Service();
        }

        Resume(done);
        return true;
    }

    /// <summary>The peer's SETTINGS: window changes apply to open streams too (RFC 9113 §6.9.2). False when one would pass 2^31-1.</summary>
    public bool Apply(PeerSettings settings, StreamTable streams)
    {
        StreamOutput? done;
        lock (_gate)
        {
            _schedule.Framer.MaxFrame = settings.MaxFrameSize;
            int delta = settings.InitialWindowSize - _initialWindow;
            _initialWindow = settings.InitialWindowSize;
            if (delta != 0 && !streams.All(this, delta, static (output, d, stream) => output._schedule.Widen(stream.Writer, d)))
            {
                return false;
            }

            SettingsFrame.WriteAck(Append(FrameHeader.Size));
            done = Service();
        }

        Resume(done);
        Kick();
        return true;
    }

    /// <summary>Nothing is taken any longer; completes when all that is pending is out or the writer has failed.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            _closed = true;
            _corked = 0;
            if (!_writing && _pending.Length == 0)
            {
                _drained.TrySetResult();
            }
        }

        Kick();
        return _drained.Task;
    }

    private Span<byte> Append(int bytes)
    {
        Span<byte> room = _pending.Append(bytes);
        _pendingLength = _pending.Length;
        return room;
    }

    private void AppendHeaders(int streamId, ReadOnlySpan<byte> block, bool endStream)
    {
        HeadersFrame.Append(_pending, streamId, block, endStream, _schedule.Framer.MaxFrame);
        _pendingLength = _pending.Length;
    }

    private StreamOutput? Service()
    {
        StreamOutput? done = _schedule.Service(_pending);
        _pendingLength = _pending.Length;
        return done;
    }

    private void Resume(StreamOutput? done)
    {
        while (done is not null)
        {
            StreamOutput next = done;
            done = next.NextDone;
            next.NextDone = null;
            bool waiting;
            lock (_gate)
            {
                waiting = next.Waiting;
                next.Waiting = false;
            }

            next.Resume(waiting);
        }

        Kick();
    }

    private void Kick()
    {
        lock (_gate)
        {
            if (_writing || _corked > 0 || _pending.Length == 0 || (_pending.Length < WorthWriting && WaitsForTurnEnd()))
            {
                return;
            }

            _writing = true;
        }

        _ = WriteAsync();
    }

    private bool WaitsForTurnEnd() => _turnAsked || (_turnAsked = !_closed && Turns is not null && Turns.TryAtTurnEnd(OnTurnEnd, this));

    private void EndTurn()
    {
        lock (_gate)
        {
            _turnAsked = false;
            if (_writing || _corked > 0 || _pending.Length == 0)
            {
                return;
            }

            _writing = true;
        }

        _ = WriteAsync();
    }

    private async Task WriteAsync()
    {
        try
        {
            while (TakePending())
            {
                await _transport.WriteAsync(_inFlight.Written).ConfigureAwait(false);
                StreamOutput? done;
                lock (_gate)
                {
                    _inFlight.Clear();
                    done = Service();
                }

                Resume(done);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // _writing stays true: nobody writes to a transport that has failed.
            lock (_gate)
            {
                _closed = true;
                _drained.TrySetResult();
            }

            Failed?.Invoke(e);
        }
    }

    private bool TakePending()
    {
        lock (_gate)
        {
            if (_pending.Length > 0 && _corked == 0)
            {
                (_pending, _inFlight) = (_inFlight, _pending);
                _pendingLength = 0;
                return true;
            }

            _writing = false;
            if (_pending.Length == 0)
            {
                _pending.Release();
                if (_closed)
                {
                    _drained.TrySetResult();
                }
            }

            _inFlight.Release();
            return false;
        }
    }
}
