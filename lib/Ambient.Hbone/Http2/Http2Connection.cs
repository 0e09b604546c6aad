using System.Buffers;
using System.IO.Pipelines;
using Ambient.Hbone.Connect;
using Ambient.Hbone.Http2.FlowControl;
using Ambient.Hbone.Http2.Frames;
using Ambient.Hbone.Http2.Guarding;
using Ambient.Hbone.Http2.Output;
using Ambient.Hbone.Http2.Streams;
using Ambient.Identity.Tls;
using Microsoft.Extensions.Logging;

namespace Ambient.Hbone.Http2;

/// <summary>
/// One HTTP/2 connection of either side, for CONNECT only.
/// 1. The reading loop takes bytes, <see cref="FrameReader"/> cuts frames, <see cref="FrameDispatcher"/> acts on them.
/// 2. Data lands in the streams' inputs; after each read the streams that got something are woken, on this thread.
/// 3. Everything that is sent goes through <see cref="ConnectionOutput"/>.
/// 4. A timer ticks once a second: handshake, keep-alive, header blocks and stalled writers.
/// The first reason to end is recorded; then all streams fail, GOAWAY is flushed and the transport disposed.
/// </summary>
internal abstract partial class Http2Connection
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(1);

    private readonly FrameDispatcher _dispatcher;
    private readonly ILogger _logger;
    private readonly long _started;
    private readonly List<Http2Stream> _dirty = [];
    private ReceiveWindow _window;
    private Http2ConnectionException? _fault;
    private int _stopping;

    protected Http2Connection(MeshConnection transport, HboneLimits limits, TimeProvider time, ILogger logger, FloodGuard guard)
    {
        Transport = transport;
        Limits = limits;
        Time = time;
        Guard = guard;
        _logger = logger;
        _window = new ReceiveWindow(limits.ConnectionWindow);
        _started = time.GetTimestamp();
        KeepAlive = new KeepAlive(time, limits.PingInterval, limits.PingTimeout);
        Output = new ConnectionOutput(transport.Output, limits.SendBuffer, _ => Transport.Abort(), transport);
        _dispatcher = new FrameDispatcher(this);
    }

    public MeshConnection Transport { get; }

    public HboneLimits Limits { get; }

    public TimeProvider Time { get; }

    public FloodGuard Guard { get; }

    public KeepAlive KeepAlive { get; }

    public ConnectionOutput Output { get; }

    public StreamTable Streams { get; } = new();

    public PeerSettings Peer { get; } = new();

    /// <summary>Our SETTINGS, written before anything else.</summary>
    protected abstract void WritePreface();

    /// <summary>Takes the connection preface off the first bytes; false until it is complete.</summary>
    public virtual bool TakePreface(ref ReadOnlySequence<byte> bytes) => true;

    /// <summary>Whether the peer may send data on this stream already.</summary>
    public virtual bool MayReceive(Http2Stream stream) => true;

    /// <summary>A whole header block has come.</summary>
    public abstract void OnHeaders(int streamId, Hpack.HeaderList headers, bool endStream);

    /// <summary>A stream number that was never used (RFC 9113 §5.1 "idle").</summary>
    public abstract bool IsIdle(int streamId);

    public abstract void OnGoAway(GoAwayFrame frame);

    public virtual void OnPeerReset(Http2Stream stream)
    {
    }

    public virtual void OnSettings()
    {
    }

    public virtual void OnPong(long opaque)
    {
    }

    /// <summary>Who was told that a stream has failed threw.</summary>
    public void OnCallbackFailed(Exception e) => LogUnexpected(e, Transport.RemoteEndPoint);

    /// <summary>A stream has ended both ways.</summary>
    public virtual void OnStreamGone(Http2Stream stream) => Streams.Remove(stream.Id);

    public void OnLocalReset(Http2Stream stream, ErrorCode code)
    {
        // Remembered before it leaves the table: the reading thread must not find it in neither.
        Streams.RememberReset(stream.Id);
        Output.RstStream(stream.Id, code);
    }

    /// <summary>The last stream of the peer's that was taken up, for GOAWAY.</summary>
    protected virtual int LastPeerStream => 0;

    public void ReleaseWindow(int bytes)
    {
        int increment = _window.Release(bytes);
        if (increment > 0)
        {
            Output.WindowUpdate(0, increment);
        }
    }

    public bool TakeWindow(int bytes) => _window.TryTake(bytes);

    /// <summary>The stream got something: it is woken when all frames at hand are read.</summary>
    public void MarkDirty(Http2Stream stream)
    {
        if (!stream.Dirty)
        {
            stream.Dirty = true;
            _dirty.Add(stream);
        }
    }

    /// <summary>Ends the reading loop when no stream is open (and no read is in the middle of a frame).</summary>
    public void Stop()
    {
        Volatile.Write(ref _stopping, 1);
        Transport.Input.CancelPendingRead();
    }

    public void Abort(ErrorCode code, string reason)
    {
        Interlocked.CompareExchange(ref _fault, new Http2ConnectionException(code, reason), null);
        Transport.Abort();
    }

    /// <summary>Runs until the connection has ended; never throws.</summary>
    public async Task RunAsync()
    {
        await using (Time.CreateTimer(static state => ((Http2Connection)state!).Tick(), this, TickInterval, TickInterval))
        {
            try
            {
                WritePreface();
                await ReadAsync().ConfigureAwait(false);
            }
            catch (Http2ConnectionException fault)
            {
                Interlocked.CompareExchange(ref _fault, fault, null);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
            {
                Interlocked.CompareExchange(ref _fault, new Http2ConnectionException(ErrorCode.ConnectError, e.Message), null);
            }
            catch (Exception e)
            {
                // A bug of ours: the connection ends as any other does, so that nobody waits for its streams.
                LogUnexpected(e, Transport.RemoteEndPoint);
                Interlocked.CompareExchange(ref _fault, new Http2ConnectionException(ErrorCode.InternalError, e.Message), null);
            }
        }

        await EndAsync().ConfigureAwait(false);
    }

    private async Task ReadAsync()
    {
        PipeReader input = Transport.Input;
        while (true)
        {
            ReadResult result = await input.ReadAsync().ConfigureAwait(false);
            ReadOnlySequence<byte> bytes = result.Buffer;
            Process(ref bytes);
            input.AdvanceTo(bytes.Start, bytes.End);
            if (result.IsCompleted || Volatile.Read(ref _stopping) != 0)
            {
                return;
            }
        }
    }

    private void Process(ref ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        Output.Cork();
        try
        {
            _dispatcher.Process(ref bytes);
        }
        finally
        {
            WakeDirty();
            Output.Uncork();
        }

        if (Output.Overflowing)
        {
            throw new Http2ConnectionException(ErrorCode.EnhanceYourCalm, "the peer does not read our answers");
        }
    }

    private void WakeDirty()
    {
        for (int i = 0; i < _dirty.Count; i++)
        {
            Http2Stream stream = _dirty[i];
            stream.Dirty = false;
            stream.Reader.Wake();
        }

        _dirty.Clear();
    }

    // Out of a timer's callback an exception would end the process.
    private void Tick()
    {
        try
        {
            Look();
        }
        catch (Exception e)
        {
            LogUnexpected(e, Transport.RemoteEndPoint);
            Abort(ErrorCode.InternalError, e.Message);
        }
    }

    private void Look()
    {
        TimeSpan age = Time.GetElapsedTime(_started);
        if (age >= Limits.HandshakeTimeout && !_dispatcher.HandshakeDone)
        {
            Abort(ErrorCode.SettingsTimeout, "no preface and SETTINGS, or no acknowledgement of ours, in time");
            return;
        }

        long pendingSince = _dispatcher.HeadersPendingSince;
        if (pendingSince != 0 && Time.GetElapsedTime(pendingSince) >= Limits.HeaderBlockTimeout)
        {
            Abort(ErrorCode.EnhanceYourCalm, "a header block did not end in time");
            return;
        }

        switch (KeepAlive.Tick())
        {
            case KeepAlive.Action.SendPing:
                Output.Ping(Time.GetTimestamp(), ack: false);
                break;
            case KeepAlive.Action.Dead:
                Abort(ErrorCode.NoError, "no answer to PING");
                return;
            case KeepAlive.Action.None:
            default:
                break;
        }

        StallWatch.Check(Streams, Time, Limits.StallTimeout);
        OnTick();
    }

    protected virtual void OnTick()
    {
    }

    private async Task EndAsync()
    {
        ErrorCode code = _fault?.Code ?? ErrorCode.NoError;
        string reason = _fault?.Message ?? "closed";
        if (_fault is null)
        {
            LogClosed(Transport.RemoteEndPoint);
        }
        else
        {
            LogFault(Transport.RemoteEndPoint, code, reason);
        }

        OnEnding(code, reason);
        foreach (Http2Stream stream in Streams.Snapshot())
        {
            stream.OnConnectionLost(code, reason);
        }

        Output.GoAway(LastPeerStream, code);
        try
        {
            await Output.CloseAsync().WaitAsync(FlushTimeout, Time).ConfigureAwait(false);
            await Transport.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or IOException or ObjectDisposedException)
        {
            Transport.Abort();
            await Transport.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The connection takes nothing up any more; streams are failed next.</summary>
    protected virtual void OnEnding(ErrorCode code, string reason)
    {
    }

    [LoggerMessage(EventId = 2001, Level = LogLevel.Debug, Message = "HBONE connection with {Remote} closed")]
    private partial void LogClosed(System.Net.IPEndPoint remote);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Information, Message = "HBONE connection with {Remote} ended: {Code}: {Reason}")]
    private partial void LogFault(System.Net.IPEndPoint remote, ErrorCode code, string reason);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Error, Message = "HBONE connection with {Remote} met an unexpected fault")]
    private partial void LogUnexpected(Exception exception, System.Net.IPEndPoint remote);
}
