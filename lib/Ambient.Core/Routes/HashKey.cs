using System.Collections.Immutable;

namespace Ambient.Core.Routes;

/// <summary>What of a request decides its endpoint.</summary>
/// <param name="Name">Header (lower-case), cookie or parameter; empty for the source address.</param>
public sealed record HashKey(HashKeyKind Kind, string Name = "")
{
    /// <summary>For cookies: set when the request has none; null: never generated; zero: a session cookie.</summary>
    public TimeSpan? CookieTtl { get; init; }

    public string CookiePath { get; init; } = "";

    public ImmutableArray<HeaderValue> CookieAttributes { get; init; } = [];
}
