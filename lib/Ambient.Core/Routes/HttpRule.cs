using System.Collections.Immutable;

namespace Ambient.Core.Routes;

/// <summary>What happens to the requests that one of the matches takes.</summary>
public sealed record HttpRule
{
    public required RouteOrigin Origin { get; init; }

    /// <summary>OR. A rule without matches takes every request, as one empty <see cref="HttpMatch"/> with ordinal 0 would.</summary>
    public ImmutableArray<HttpMatch> Matches { get; init; } = [];

    public required RouteAction Action { get; init; }

    public UrlRewrite? Rewrite { get; init; }

    /// <summary>Applied after those of the chosen backend.</summary>
    public HeaderChange RequestHeaders { get; init; } = HeaderChange.None;

    /// <inheritdoc cref="RequestHeaders"/>
    public HeaderChange ResponseHeaders { get; init; } = HeaderChange.None;

    /// <summary>Whole request with its retries; null: none.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Null: the mesh's default. <see cref="RetryPolicy.Off"/>: none.</summary>
    public RetryPolicy? Retry { get; init; }

    public FaultPolicy? Fault { get; init; }

    public ImmutableArray<RouteMirror> Mirrors { get; init; } = [];

    public CorsPolicy? Cors { get; init; }

    public ImmutableArray<RateLimit> RateLimits { get; init; } = [];

    /// <summary>What counts as a failure in metrics and for retries; none: 5xx and the failing gRPC statuses.</summary>
    public ImmutableArray<ResponseClass> ResponseClasses { get; init; } = [];
}
