using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net;
using Ambient.Core.Identity;
using Ambient.Hbone.Http2.Frames;

namespace Ambient.Hbone.Connect;

/// <summary>
/// One tunnelled connection. <c>Output.CompleteAsync()</c> half-closes (END_STREAM); <c>Input</c> completes when the peer does.
/// A reset by the peer or the loss of the tunnel surfaces from both pipes as <see cref="HboneStreamResetException"/>.
/// Completing <c>Input</c> before the peer's end resets the stream with CANCEL. One reader and one writer at a time.
/// Continuations run on the thread that brought the bytes: whoever awaits must not block it.
/// </summary>
[SuppressMessage("Naming", "CA1711", Justification = "An HTTP/2 stream, which is what it is called.")]
public abstract class HboneStream : IDuplexPipe, IAsyncDisposable
{
    public abstract PipeReader Input { get; }

    public abstract PipeWriter Output { get; }

    /// <summary>The answer that opened the tunnel; null on the server's side.</summary>
    public abstract ConnectReply? Reply { get; }

    /// <summary>Who is at the other end of the connection that carries this stream.</summary>
    public abstract PeerIdentity Peer { get; }

    /// <summary>Version and cipher suite of the TLS session that carries this stream; null without TLS.</summary>
    public virtual string? Tls => null;

    public abstract IPEndPoint RemoteEndPoint { get; }

    public abstract IPEndPoint LocalEndPoint { get; }

    /// <summary>Ends the stream at once in both directions with RST_STREAM. Safe to call twice and from any thread.</summary>
    public abstract void Reset(ErrorCode code);

    /// <summary>
    /// Calls back once when the stream ends abnormally, at once when it has: also when its input has been read to the end and nothing is
    /// being written, which neither pipe could tell. Outside all locks, on any thread.
    /// </summary>
    public abstract void OnFault(Action<HboneStreamResetException> callback);

    /// <summary>Completes both pipes: a stream that has not ended both ways is reset with CANCEL.</summary>
    public abstract ValueTask DisposeAsync();
}
