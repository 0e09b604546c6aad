using Ambient.Core.Identity;

namespace Ambient.Identity.Svids;

/// <summary>There is no valid SVID for an identity, and the last attempt to get one failed for this reason.</summary>
public sealed class SvidUnavailableException(SpiffeId id, string reason, Exception? cause = null)
    : Exception($"no certificate for {id}: {reason}", cause)
{
    public SpiffeId Id { get; } = id;
}
