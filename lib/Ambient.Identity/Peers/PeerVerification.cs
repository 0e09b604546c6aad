using Ambient.Core.Identity;

namespace Ambient.Identity.Peers;

/// <summary>Outcome of verifying a peer: who it is, or why it is refused.</summary>
public abstract record PeerVerification
{
    private PeerVerification()
    {
    }

    public sealed record Verified(SpiffeId Id) : PeerVerification;

    /// <param name="Reason">For logs of this side only; a peer is told nothing but a TLS alert.</param>
    public sealed record Refused(string Reason) : PeerVerification;

    /// <summary>Null when refused.</summary>
    public SpiffeId? VerifiedId => this is Verified verified ? verified.Id : null;
}
