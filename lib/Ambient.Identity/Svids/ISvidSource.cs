using Ambient.Core.Identity;

namespace Ambient.Identity.Svids;

/// <summary>Where connections get the SVID they present.</summary>
public interface ISvidSource
{
    /// <summary>A currently valid SVID; completes at once when one is held.</summary>
    /// <exception cref="SvidUnavailableException">None is held and none could be had.</exception>
    ValueTask<Svid> GetAsync(SpiffeId id, CancellationToken ct);
}
