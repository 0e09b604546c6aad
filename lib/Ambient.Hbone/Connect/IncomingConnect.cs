using System.Net;
using Ambient.Core.Identity;

namespace Ambient.Hbone.Connect;

/// <summary>A CONNECT that waits for its answer.</summary>
public abstract class IncomingConnect
{
    public abstract ConnectRequest Request { get; }

    /// <summary>Who sent it, as the transport verified it.</summary>
    public abstract PeerIdentity Peer { get; }

    public abstract IPEndPoint Remote { get; }

    public abstract IPEndPoint Local { get; }

    /// <summary>Answers 200, with the labels of the destination where given. Throws <see cref="HboneStreamResetException"/> when the peer has gone.</summary>
    public abstract ValueTask<HboneStream> AcceptAsync(string? baggage = null);

    /// <summary>Answers with another status (400, 401, 503, …) and ends the stream. Does nothing when the peer has gone.</summary>
    public abstract ValueTask RejectAsync(int status);
}
