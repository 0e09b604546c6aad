using Ambient.Core.Identity;
using Ambient.Identity.Svids;

namespace Ambient.Identity.Renewal;

/// <summary>How <see cref="SvidManager"/> fetches.</summary>
public sealed record SvidManagerOptions
{
    /// <summary>Asked for; the issuer may give less.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// From an earlier process: they serve from the first moment that their identity is watched, while a fresh one is fetched.
    /// </summary>
    public IReadOnlyDictionary<SpiffeId, Svid> Kept { get; init; } = new Dictionary<SpiffeId, Svid>();

    public int MaxConcurrentFetches { get; init; } = 8;

    /// <summary>More than a node has service accounts; watching beyond it throws.</summary>
    public int MaxIdentities { get; init; } = 4096;

    /// <summary>Until an attempt counts as failed.</summary>
    public TimeSpan FetchTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A connection waits for the next attempt when it is at most this far away; otherwise it fails with the last error.</summary>
    public TimeSpan MaxWaitForRetry { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan FirstBackOff { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromSeconds(150);
}
