namespace Ambient.Core.Identity;

/// <summary>Why a connection has no verified identity: absence always has a reason.</summary>
public enum PeerAbsence
{
    /// <summary>The bytes came in plaintext.</summary>
    Plaintext,

    /// <summary>The question is asked offline about a caller outside the mesh.</summary>
    OutsideMesh,
}

/// <summary>Who is at the other end: verified by mutual TLS, or nobody known, with the reason.</summary>
public abstract record PeerIdentity
{
    private PeerIdentity()
    {
    }

    /// <summary>The peer proved possession of an SVID with this id.</summary>
    public sealed record Verified(SpiffeId Id) : PeerIdentity;

    public sealed record None(PeerAbsence Reason) : PeerIdentity;

    public static PeerIdentity Plaintext { get; } = new None(PeerAbsence.Plaintext);

    /// <summary>The id when verified, otherwise null.</summary>
    public SpiffeId? VerifiedId => this is Verified v ? v.Id : null;
}
