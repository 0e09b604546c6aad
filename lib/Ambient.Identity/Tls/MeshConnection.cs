using System.IO.Pipelines;
using System.Net;
using Ambient.Core.Identity;

namespace Ambient.Identity.Tls;

/// <summary>
/// The seam between transport and everything above it: bytes both ways as pipes, and who the other side is.
/// Nothing above sees a <c>Socket</c>, <c>Stream</c> or <c>SslStream</c>, so that a transport can be replaced whole.
/// Disposing closes gracefully (close_notify, FIN); <see cref="Abort"/> resets.
/// </summary>
public abstract class MeshConnection : IDuplexPipe, IAsyncDisposable
{
    public abstract PipeReader Input { get; }

    public abstract PipeWriter Output { get; }

    /// <summary>Verified before the connection is handed out; plaintext connections say so.</summary>
    public abstract PeerIdentity Peer { get; }

    /// <summary>Version and cipher suite of the TLS session, as <c>TLSv1.3 TLS_AES_128_GCM_SHA256</c>; null over plaintext.</summary>
    public virtual string? Tls => null;

    public abstract IPEndPoint RemoteEndPoint { get; }

    public abstract IPEndPoint LocalEndPoint { get; }

    /// <summary>
    /// Asks to be called back, on this thread, when all that arrived together has been handled: what several connections have to say over
    /// a shared one then leaves in one piece. False when the thread has no such moment; the caller goes on at once.
    /// </summary>
    public virtual bool TryAtTurnEnd(Action<object> action, object state) => false;

    /// <summary>Ends the connection at once with RST where the transport has one. Safe to call twice and from any thread.</summary>
    public abstract void Abort();

    public abstract ValueTask DisposeAsync();
}
