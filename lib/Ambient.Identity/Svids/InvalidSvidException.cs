using Ambient.Core.Identity;

namespace Ambient.Identity.Svids;

/// <summary>An issuer's answer that is not an SVID of the identity that was asked for.</summary>
public sealed class InvalidSvidException(SpiffeId id, string reason, Exception? cause = null)
    : Exception($"the certificate issued for {id} is not usable: {reason}", cause)
{
    public SpiffeId Id { get; } = id;

    public string Reason { get; } = reason;
}
