using System.Buffers;
using Ambient.Hbone.Connect;
using Ambient.Hbone.Http2.Frames;
using Ambient.Hbone.Http2.Guarding;
using Ambient.Hbone.Http2.Hpack;
using Ambient.Hbone.Http2.Streams;
using Ambient.Identity.Tls;
using Microsoft.Extensions.Logging;

namespace Ambient.Hbone.Http2;

/// <summary>The accepting side: each CONNECT becomes a stream and a run of the handler.</summary>
internal sealed partial class ServerConnection : Http2Connection
{
    private readonly IConnectHandler _handler;
    private readonly ILogger _logger;
    private readonly ServerDrain _drain;
    private readonly TaskCompletionSource _handlersEnded = new();
    private bool _prefaceCame;
    private int _lastStream;

    // One for the connection itself and one for each handler that runs.
    private int _running = 1;

    public ServerConnection(MeshConnection transport, IConnectHandler handler, HboneServerOptions options)
        : base(transport, options.Limits, options.Time, options.Logger, new FloodGuard(options.Time))
    {
        _handler = handler;
        _logger = options.Logger;
        _drain = new ServerDrain(this);
    }

    public int LastStream => Volatile.Read(ref _lastStream);

    protected override int LastPeerStream => _lastStream;

    public void Drain() => _drain.Begin();

    /// <summary>Completes when the connection has ended and all handlers have returned.</summary>
    public async Task ServeAsync()
    {
        await RunAsync().ConfigureAwait(false);
        HandlerEnded();
        await _handlersEnded.Task.ConfigureAwait(false);
    }

    public override bool TakePreface(ref ReadOnlySequence<byte> bytes)
    {
        if (_prefaceCame)
        {
            return true;
        }

        int length = (int)Math.Min(bytes.Length, Preface.Magic.Length);
        Span<byte> start = stackalloc byte[length];
        bytes.Slice(0, length).CopyTo(start);
        if (!Preface.Magic.StartsWith(start))
        {
            throw new Http2ConnectionException(ErrorCode.ProtocolError, "not the HTTP/2 preface");
        }

        if (length < Preface.Magic.Length)
        {
            return false;
        }

        bytes = bytes.Slice(length);
        _prefaceCame = true;
        return true;
    }

    public override void OnHeaders(int streamId, HeaderList headers, bool endStream)
    {
        if (streamId % 2 == 0)
        {
            throw new Http2ConnectionException(ErrorCode.ProtocolError, "a client opened an even stream");
        }

        if (streamId <= _lastStream)
        {
            OnLateHeaders(streamId);
            return;
        }

        _lastStream = streamId;
        if (!_drain.MayOpen(streamId))
        {
            Streams.RememberReset(streamId);
            return;
        }

        if (Streams.Count >= Limits.MaxConcurrentStreams || Volatile.Read(ref _running) > 2 * Limits.MaxConcurrentStreams)
        {
            Guard.Fault();
            Refuse(streamId, ErrorCode.RefusedStream);
            return;
        }

        Open(streamId, headers, endStream);
    }

    public override bool IsIdle(int streamId) => streamId > _lastStream || streamId % 2 == 0;

    public override void OnGoAway(GoAwayFrame frame)
    {
        // The client opens nothing more; its streams go on and it closes when they have ended.
    }

    public override void OnPeerReset(Http2Stream stream)
    {
        if (!stream.Answered)
        {
            Guard.EarlyReset();
        }
    }

    public override void OnPong(long opaque) => _drain.OnPong(opaque);

    public override void OnStreamGone(Http2Stream stream)
    {
        base.OnStreamGone(stream);
        _drain.OnStreamGone();
    }

    protected override void OnTick() => _drain.OnTick();

    protected override void WritePreface()
    {
        Span<byte> bytes = stackalloc byte[128];
        Output.Raw(bytes[..Preface.WriteServer(bytes, Limits)]);
    }

    private void Open(int streamId, HeaderList headers, bool endStream)
    {
        switch (RequestHeaders.Read(headers, out ConnectRequest? request))
        {
            case RequestVerdict.Malformed:
                Guard.Fault();
                Refuse(streamId, ErrorCode.ProtocolError);
                break;
            case RequestVerdict.TooLarge:
                Answer(streamId, 431, endStream);
                break;
            case RequestVerdict.NotForUs:
                Answer(streamId, 400, endStream);
                break;
            case RequestVerdict.Ok:
            default:
                Start(streamId, request!, endStream);
                break;
        }
    }

    private void Start(int streamId, ConnectRequest request, bool endStream)
    {
        Http2Stream stream = new(this, Limits);
        stream.Assign(streamId);
        Output.Register(stream.Writer);
        Streams.Add(stream);
        if (endStream)
        {
            stream.OnRemoteEnd();
        }

        Interlocked.Increment(ref _running);
        _ = HandleAsync(new ServerConnect(this, stream, request));
    }

    private async Task HandleAsync(ServerConnect connect)
    {
        try
        {
            await _handler.HandleAsync(connect, connect.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HboneStreamResetException or OperationCanceledException)
        {
            // The peer went away meanwhile.
        }
        catch (Exception e)
        {
            // A handler's bug costs its stream and nothing else.
            LogHandlerFailed(e, connect.Request.Authority);
            connect.Stream.Reset(ErrorCode.InternalError);
        }

        connect.Dispose();
        HandlerEnded();
    }

    private void HandlerEnded()
    {
        if (Interlocked.Decrement(ref _running) == 0)
        {
            _handlersEnded.TrySetResult();
        }
    }

    private void OnLateHeaders(int streamId)
    {
        if (Streams.Find(streamId) is { } stream)
        {
            // A tunnel has no trailers (RFC 9113 §8.5).
            Guard.Fault();
            stream.Reset(stream.HasRemoteEnded ? ErrorCode.StreamClosed : ErrorCode.ProtocolError);
        }
        else if (!Streams.WasReset(streamId))
        {
            throw new Http2ConnectionException(ErrorCode.StreamClosed, "HEADERS on a stream that has ended");
        }
    }

    private void Refuse(int streamId, ErrorCode code)
    {
        Streams.RememberReset(streamId);
        Output.RstStream(streamId, code);
    }

    // Counts as a fault: a peer that does this for a living is made to stop.
    private void Answer(int streamId, int status, bool endStream)
    {
        Guard.Fault();
        Span<byte> block = stackalloc byte[16];
        Output.Headers(streamId, block[..ReplyHeaders.Write(status, null, block)], endStream: true);
        Streams.RememberReset(streamId);
        if (!endStream)
        {
            Output.RstStream(streamId, ErrorCode.NoError);
        }
    }

    [LoggerMessage(EventId = 2010, Level = LogLevel.Error, Message = "Handling CONNECT {Authority} failed")]
    private partial void LogHandlerFailed(Exception exception, string authority);
}
