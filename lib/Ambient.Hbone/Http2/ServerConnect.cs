using System.Net;
using Ambient.Core.Identity;
using Ambient.Hbone.Connect;
using Ambient.Hbone.Http2.Frames;
using Ambient.Hbone.Http2.Streams;

namespace Ambient.Hbone.Http2;

/// <summary>A CONNECT with its stream. Answered once, by its handler.</summary>
internal sealed class ServerConnect : IncomingConnect, IDisposable
{
    private readonly ServerConnection _connection;
    private readonly CancellationTokenSource _gone = new();
    private int _answered;

    public ServerConnect(ServerConnection connection, Http2Stream stream, ConnectRequest request)
    {
        _connection = connection;
        Stream = stream;
        Request = request;
        stream.OnFault(_ => Cancel());
    }

    public Http2Stream Stream { get; }

    public CancellationToken Token => _gone.Token;

    public override ConnectRequest Request { get; }

    public override PeerIdentity Peer => Stream.Peer;

    public override IPEndPoint Remote => Stream.RemoteEndPoint;

    public override IPEndPoint Local => Stream.LocalEndPoint;

    public override ValueTask<HboneStream> AcceptAsync(string? baggage = null)
    {
        TakeAnswer();
        if (Stream.IsReset)
        {
            throw new HboneStreamResetException(ErrorCode.Cancel, byPeer: true, "the peer did not wait for the answer");
        }

        Span<byte> block = stackalloc byte[ReplyHeaders.MaxLength];
        _connection.Output.Headers(Stream.Id, block[..ReplyHeaders.Write(200, baggage, block)], endStream: false);
        Stream.Answered = true;
        return ValueTask.FromResult<HboneStream>(Stream);
    }

    public override ValueTask RejectAsync(int status)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 300);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 999);
        TakeAnswer();
        if (!Stream.IsReset)
        {
            Span<byte> block = stackalloc byte[16];
            _connection.Output.Headers(Stream.Id, block[..ReplyHeaders.Write(status, null, block)], endStream: true);
            Stream.Answered = true;
            Stream.OnLocalEnd();
            // A complete answer before the end of the request: the rest is not wanted (RFC 9113 §8.1).
            Stream.Reset(ErrorCode.NoError);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>The handler has returned.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _answered, 1) == 0)
        {
            Stream.Reset(ErrorCode.InternalError);
        }

        _gone.Dispose();
    }

    private void TakeAnswer()
    {
        if (Interlocked.Exchange(ref _answered, 1) != 0)
        {
            throw new InvalidOperationException("the request was answered before");
        }
    }

    private void Cancel()
    {
        try
        {
            _gone.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The handler returned in the same moment.
        }
    }
}
