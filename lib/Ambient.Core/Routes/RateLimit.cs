using System.Collections.Immutable;

namespace Ambient.Core.Routes;

/// <summary>A token bucket; a request that finds none left is answered 429.</summary>
public sealed record RateLimit
{
    public required RouteOrigin Origin { get; init; }

    /// <summary>Size of the bucket: requests at once.</summary>
    public required long Burst { get; init; }

    /// <summary>Tokens that come back with each <see cref="Interval"/>.</summary>
    public required long Tokens { get; init; }

    public required TimeSpan Interval { get; init; }

    /// <summary>
    /// True: all <see cref="Tokens"/> at the end of each interval, at once (Envoy's local rate limit). False: evenly, one at a time.
    /// </summary>
    public bool FillAtOnce { get; init; }

    public RateLimitKey By { get; init; }

    /// <summary>Lower-case, for <see cref="RateLimitKey.Header"/>.</summary>
    public string Header { get; init; } = "";

    /// <summary>Requests that count; none: all.</summary>
    public ImmutableArray<HttpMatch> Matches { get; init; } = [];

    /// <summary>A bucket of its own for each endpoint that the request goes to.</summary>
    public bool PerEndpoint { get; init; }

    /// <summary>The replicas of a Gateway count together.</summary>
    public bool Shared { get; init; }

    /// <summary>Share of requests that are counted, 0 to 100.</summary>
    public double EnabledPercentage { get; init; } = 100;

    /// <summary>Share of the requests over the limit that are refused, 0 to 100.</summary>
    public double EnforcedPercentage { get; init; } = 100;

    public int Status { get; init; } = 429;

    /// <summary>Added to refusals.</summary>
    public HeaderChange ResponseHeaders { get; init; } = HeaderChange.None;
}
