using System.Net;
using Ambient.Core.Identity;

namespace Ambient.Policy;

/// <summary>What L4 policy can know of a connection.</summary>
/// <param name="Peer">Verified by mutual TLS, or absent with the reason.</param>
/// <param name="SourceAddress">The caller's address; an IPv4-mapped one counts as IPv4.</param>
/// <param name="Destination">The workload's address and the real port that the application listens on.</param>
public readonly record struct ConnectionFacts(PeerIdentity Peer, IPAddress SourceAddress, IPEndPoint Destination)
{
    /// <summary>
    /// Whom a peer that is the destination's waypoint speaks for; null: for itself. Policies judge the caller, except for the one by which a
    /// workload takes connections from its waypoint alone.
    /// </summary>
    public SpiffeId? Caller { get; init; }

    internal ConnectionFacts JudgedBy(bool ofPeer) => ofPeer || Caller is not { } caller ? this : this with { Peer = new PeerIdentity.Verified(caller) };
}
