using System.Globalization;

namespace Ambient.Routing.Resilience;

/// <summary>What a bucket said.</summary>
/// <param name="Limit">Size of the bucket.</param>
/// <param name="Remaining">Tokens left.</param>
/// <param name="Wait">Until there is a token again; zero while there is one.</param>
public readonly record struct TokenVerdict(bool Allowed, long Limit, long Remaining, TimeSpan Wait)
{
    /// <summary>A token was taken, and can be given back.</summary>
    public bool Taken { get; init; }

    /// <summary><see cref="Wait"/> in whole seconds, rounded up: <c>x-ratelimit-reset</c>, and <c>retry-after</c> of a refusal.</summary>
    public string WaitSeconds => ((long)Math.Ceiling(Wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
