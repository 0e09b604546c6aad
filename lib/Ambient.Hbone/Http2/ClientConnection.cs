using System.Buffers;
using Ambient.Hbone.Connect;
using Ambient.Hbone.Http2.Frames;
using Ambient.Hbone.Http2.Guarding;
using Ambient.Hbone.Http2.Hpack;
using Ambient.Hbone.Http2.Streams;
using Ambient.Hbone.Pool;
using Ambient.Identity.Tls;
using Microsoft.Extensions.Logging;

namespace Ambient.Hbone.Http2;

/// <summary>
/// The dialling side. The pool reserves a place, then opens: the first CONNECT goes out with the preface, before the server's SETTINGS have come.
/// </summary>
internal sealed class ClientConnection : Http2Connection
{
    private const int LastStreamId = int.MaxValue;

    private readonly Lock _gate = new();
    private readonly long _opened;
    private int _nextStream = 1;
    private int _reserved;
    private bool _closing;
    private long _idleSince;

    public ClientConnection(MeshConnection transport, HboneLimits limits, TimeProvider time, ILogger logger)
        : base(transport, limits, time, logger, new FloodGuard(time))
    {
        _opened = time.GetTimestamp();
        _idleSince = _opened;
    }

    public int Reserved => Volatile.Read(ref _reserved);

    public bool Usable => !Volatile.Read(ref _closing);

    /// <summary>Completes when the connection has ended.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    public void Start() => Ended = RunAsync();

    /// <summary>Whether <see cref="TryReserve"/> would do now.</summary>
    public bool HasRoom(int max) => Usable && Reserved < Math.Min(max, Peer.MaxConcurrentStreams);

    /// <summary>Takes a place for one stream; <see cref="OpenAsync"/> or <see cref="Release"/> has to follow.</summary>
    public bool TryReserve(int max)
    {
        lock (_gate)
        {
            if (_closing || _reserved >= Math.Min(max, Peer.MaxConcurrentStreams))
            {
                return false;
            }

            _reserved++;
            return true;
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Release()
    {
        bool stop;
        lock (_gate)
        {
            _reserved--;
            _idleSince = Time.GetTimestamp();
            stop = _closing && _reserved == 0;
        }

        if (stop)
        {
            Stop();
        }
    }

    /// <summary>Takes no new streams; ends when the last one ends.</summary>
    public void Close()
    {
        bool stop;
        lock (_gate)
        {
            _closing = true;
            stop = _reserved == 0;
        }

        if (stop)
        {
            Stop();
        }
    }

    /// <summary>Closes when nothing was on it for so long. True when it does.</summary>
    public bool CloseIfIdle(TimeSpan idle)
    {
        lock (_gate)
        {
            if (_closing || _reserved > 0 || Time.GetElapsedTime(_idleSince) < idle)
            {
                return false;
            }
        }

        Close();
        return true;
    }

    /// <summary>
    /// Sends the CONNECT on a reserved place and waits for the answer. Throws <see cref="HboneConnectException"/>; a failure of kind H2Handshake with the
    /// code REFUSED_STREAM inside was not acted on by the peer and may be tried on another connection.
    /// </summary>
    public async ValueTask<HboneStream> OpenAsync(ConnectRequest request, CancellationToken ct)
    {
        ClientConnect connect = new(new Http2Stream(this, Limits), Time.GetTimestamp());
        bool sent = false;
        try
        {
            sent = Send(connect, request);
        }
        finally
        {
            // Once it is sent, the end of the stream gives the place back.
            if (!sent)
            {
                Release();
            }
        }

        if (!sent)
        {
            throw Refused("the connection takes no more streams");
        }

        await using (ct.UnsafeRegister(static (s, token) => ((ClientConnect)s!).Cancel(token), connect))
        {
            return await connect.Answer.ConfigureAwait(false);
        }
    }

    public override bool MayReceive(Http2Stream stream) => stream.Answered;

    public override bool IsIdle(int streamId) => streamId % 2 == 0 || streamId >= Volatile.Read(ref _nextStream);

    public override void OnHeaders(int streamId, HeaderList headers, bool endStream)
    {
        if (IsIdle(streamId))
        {
            throw new Http2ConnectionException(ErrorCode.ProtocolError, "an answer on a stream that we did not open");
        }

        if (Streams.Find(streamId) is { Connect: ClientConnect connect })
        {
            if (!connect.OnHeaders(headers, endStream))
            {
                Guard.Fault();
                connect.Stream.Reset(ErrorCode.ProtocolError);
            }
        }
        else if (!Streams.WasReset(streamId))
        {
            throw new Http2ConnectionException(ErrorCode.StreamClosed, "HEADERS on a stream that has ended");
        }
    }

    public override void OnGoAway(GoAwayFrame frame)
    {
        Close();
        foreach (Http2Stream stream in Streams.Snapshot())
        {
            if (stream.Id > frame.LastStreamId)
            {
                stream.OnPeerReset(ErrorCode.RefusedStream);
            }
        }
    }

    public override void OnStreamGone(Http2Stream stream)
    {
        base.OnStreamGone(stream);
        Release();
    }

    protected override void OnTick()
    {
        List<ClientConnect>? late = null;
        Streams.All(this, Limits.AnswerTimeout, (owner, timeout, stream) =>
        {
            if (stream.Connect is { } connect && !stream.Answered && owner.Time.GetElapsedTime(connect.Sent) >= timeout)
            {
                (late ??= []).Add(connect);
            }

            return true;
        });
        foreach (ClientConnect connect in late ?? [])
        {
            connect.OnTimeout();
        }
    }

    protected override void OnEnding(ErrorCode code, string reason)
    {
        lock (_gate)
        {
            _closing = true;
        }
    }

    protected override void WritePreface()
    {
        Span<byte> bytes = stackalloc byte[128];
        Output.Raw(bytes[..Preface.WriteClient(bytes, Limits)]);
    }

    private static HboneConnectException Refused(string message) =>
        new(HboneConnectFailure.H2Handshake, message, new HboneStreamResetException(ErrorCode.RefusedStream, byPeer: true, message));

    private bool Send(ClientConnect connect, ConnectRequest request)
    {
        int max = RequestHeaders.MaxLength(request);
        byte[] block = ArrayPool<byte>.Shared.Rent(max);
        try
        {
            int length = RequestHeaders.Write(request, block);
            return Output.Open(connect.Stream.Writer, block.AsSpan(0, length), () => Register(connect.Stream));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    // Under the output's lock, which orders the numbers.
    private int Register(Http2Stream stream)
    {
        if (_closing || _nextStream > LastStreamId - 2)
        {
            return 0;
        }

        stream.Assign(_nextStream);
        Volatile.Write(ref _nextStream, _nextStream + 2);
        Streams.Add(stream);
        return stream.Id;
    }
}
