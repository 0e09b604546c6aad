namespace Ambient.Identity.Peers;

/// <summary>What the peer is in the handshake; decides which extended key usage its certificate must have.</summary>
public enum PeerRole
{
    /// <summary>It connected to us: id-kp-clientAuth.</summary>
    Client,

    /// <summary>We connected to it: id-kp-serverAuth.</summary>
    Server,
}
