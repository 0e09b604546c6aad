using Ambient.Hbone.Connect;
using Ambient.Hbone.Http2.Frames;
using Ambient.Hbone.Http2.Hpack;
using Ambient.Hbone.Http2.Streams;
using Ambient.Hbone.Pool;

namespace Ambient.Hbone.Http2;

/// <summary>A CONNECT of ours that waits for its answer. Its events come on the reading thread, or on the timer's when it is late.</summary>
internal sealed class ClientConnect
{
    private const int MaxInterim = 8;

    // Continuations run at once, on the thread that read the answer.
    private readonly TaskCompletionSource<HboneStream> _answer = new();
    private int _interim;

    public ClientConnect(Http2Stream stream, long sent)
    {
        Stream = stream;
        Sent = sent;
        stream.Connect = this;
        stream.OnFault(OnFault);
    }

    public Http2Stream Stream { get; }

    public long Sent { get; }

    public Task<HboneStream> Answer => _answer.Task;

    /// <summary>False when the header list is no answer that may stand here.</summary>
    public bool OnHeaders(HeaderList headers, bool endStream)
    {
        if (Stream.Answered || ReplyHeaders.Read(headers) is not { } reply)
        {
            return false;
        }

        if (reply.Status < 200)
        {
            return !endStream && reply.Status != 101 && ++_interim <= MaxInterim;
        }

        Stream.OnAnswer(reply);
        if (reply.Status != 200)
        {
            _answer.TrySetException(new HboneConnectException(
                HboneConnectFailure.Status, $"the peer answered {reply.Status}", status: reply.Status));
            Stream.Reset(ErrorCode.Cancel);
            return true;
        }

        if (endStream)
        {
            Stream.OnRemoteEnd();
        }

        _answer.TrySetResult(Stream);
        return true;
    }

    public void OnTimeout()
    {
        _answer.TrySetException(new HboneConnectException(HboneConnectFailure.Timeout, "the peer did not answer the CONNECT in time"));
        Stream.Reset(ErrorCode.Cancel);
    }

    public void Cancel(CancellationToken ct)
    {
        if (_answer.TrySetCanceled(ct))
        {
            Stream.Reset(ErrorCode.Cancel);
        }
    }

    private void OnFault(HboneStreamResetException fault)
    {
        if (!_answer.Task.IsCompleted)
        {
            _answer.TrySetException(new HboneConnectException(HboneConnectFailure.H2Handshake, fault.Message, fault));
        }
    }
}
