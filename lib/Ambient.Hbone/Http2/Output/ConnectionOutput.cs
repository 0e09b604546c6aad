using System.IO.Pipelines;
using Ambient.Hbone.Http2.Frames;
using Ambient.Hbone.Http2.Streams;
using Ambient.Identity.Tls;

namespace Ambient.Hbone.Http2.Output;

/// <summary>
/// Everything that a connection sends. Any thread appends frames under one short lock and leaves the writing to <see cref="OutputWriter"/>.
/// No stream is called back under the lock.
/// </summary>
internal sealed class ConnectionOutput
{
    // Above the send buffer there is this much room for control frames: more means that the peer makes us answer and does not read.
    private const int ControlRoom = 128 * 1024;

    private readonly OutputWriter _writer;
    private readonly Lock _gate;
    private readonly int _sendBuffer;
    private readonly SendSchedule _schedule;
    private int _initialWindow = PeerSettings.DefaultWindow;

    /// <param name="failed">The writer failed: the connection is lost.</param>
    /// <param name="turns">Knows when a turn of its loop ends: small frames wait until then, so that what many streams say in one turn is one write.</param>
    public ConnectionOutput(PipeWriter transport, int sendBuffer, Action<Exception>? failed = null, MeshConnection? turns = null)
    {
        _writer = new OutputWriter(transport, OnWritten) { Failed = failed, Turns = turns };
        _gate = _writer.Gate;
        _sendBuffer = Math.Max(sendBuffer, SendSchedule.LeastBuffer);
        _schedule = new SendSchedule(_sendBuffer);
    }

    /// <summary>The peer lets answers pile up.</summary>
    public bool Overflowing => _writer.PendingLength > _sendBuffer + ControlRoom;

    /// <summary>Streams wait to write: another connection would serve better.</summary>
    public bool Saturated => _writer.PendingLength > _sendBuffer / 2;

    public void Cork() => _writer.Cork();

    public void Uncork() => _writer.Uncork();

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            bytes.CopyTo(_writer.Append(bytes.Length));
        }

        _writer.Kick();
    }

    public void Control<TFrame>(TFrame frame)
        where TFrame : struct, IControlFrame
    {
        lock (_gate)
        {
            frame.Write(_writer.Append(TFrame.Length));
        }

        _writer.Kick();
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

        _writer.Kick();
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
            int id = _writer.Closed ? 0 : register();
            if (id == 0)
            {
                return false;
            }

            AppendHeaders(id, block, endStream: false);
        }

        _writer.Kick();
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
            if (stream.Fault is not null || _writer.Closed)
            {
                return true;
            }

            stream.Remaining = data;
            stream.EndRequested |= end;
            _schedule.Begin(_writer.Pending, stream);
            _writer.Note();
            done = stream.AllSent;
            if (!done)
            {
                stream.Waiting = waits;
                _schedule.Park(stream);
            }
        }

        _writer.Kick();
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

            SettingsFrame.WriteAck(_writer.Append(FrameHeader.Size));
            done = Service();
        }

        Resume(done);
        _writer.Kick();
        return true;
    }

    /// <inheritdoc cref="OutputWriter.CloseAsync"/>
    public Task CloseAsync() => _writer.CloseAsync();

    private void OnWritten()
    {
        StreamOutput? done;
        lock (_gate)
        {
            done = Service();
        }

        Resume(done);
    }

    private void AppendHeaders(int streamId, ReadOnlySpan<byte> block, bool endStream)
    {
        HeadersFrame.Append(_writer.Pending, streamId, block, endStream, _schedule.Framer.MaxFrame);
        _writer.Note();
    }

    private StreamOutput? Service()
    {
        StreamOutput? done = _schedule.Service(_writer.Pending);
        _writer.Note();
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

        _writer.Kick();
    }
}
