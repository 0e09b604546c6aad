using System.Collections.Immutable;

namespace Ambient.Core.Routes;

/// <summary>Cross-origin rules, answered by the proxy.</summary>
public sealed record CorsPolicy
{
    public ImmutableArray<TextMatch> AllowOrigins { get; init; } = [];

    /// <summary>As written in the answer; <c>*</c> is the wildcard.</summary>
    public ImmutableArray<string> AllowMethods { get; init; } = [];

    public ImmutableArray<string> AllowHeaders { get; init; } = [];

    public ImmutableArray<string> ExposeHeaders { get; init; } = [];

    public TimeSpan? MaxAge { get; init; }

    public bool AllowCredentials { get; init; }

    /// <summary>Preflights of other origins go to the backend; otherwise they are answered without CORS headers.</summary>
    public bool ForwardUnmatchedPreflights { get; init; }
}
