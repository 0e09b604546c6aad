using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Ambient.Core.Routes;
using Ambient.Routing.Resilience;

namespace Ambient.Waypoint.Requests.Limiting;

/// <summary>
/// The buckets of all rate limits. A limit that comes again with other things changed around it keeps its buckets; one that is gone is forgotten
/// with its routes.
/// </summary>
internal sealed class RateLimiters(TimeProvider time, Random random)
{
    private const int MaxRemembered = 10_000;

    private readonly ConditionalWeakTable<RateLimit, RateLimiter> _made = [];
    private readonly ConditionalWeakTable<RateLimit, string> _names = [];
    private readonly ConcurrentDictionary<string, WeakReference<RateLimiter>> _byContent = new(StringComparer.Ordinal);

    /// <param name="limits">Of one rule.</param>
    public RateLimiter Of(ImmutableArray<RateLimit> limits, int index) =>
        _made.TryGetValue(limits[index], out RateLimiter? found) ? found : _made.GetValue(limits[index], l => Inherit(l, NameOf(limits, index)));

    /// <summary>Of a limit that stands alone.</summary>
    public RateLimiter Of(RateLimit limit) => _made.TryGetValue(limit, out RateLimiter? found) ? found : _made.GetValue(limit, l => Inherit(l, Name(l, 0)));

    /// <summary>What makes a limit this one and no other: whoever wrote it, and its numbers.</summary>
    public string NameOf(ImmutableArray<RateLimit> limits, int index) =>
        _names.TryGetValue(limits[index], out string? found) ? found : _names.GetValue(limits[index], l => Name(l, Twins(limits, index)));

    // A limit that was written twice in one place counts twice; what else the rule has must not matter, or a new policy beside it would fill its bucket.
    private static int Twins(ImmutableArray<RateLimit> limits, int index)
    {
        int before = 0;
        for (int i = 0; i < index; i++)
        {
            before += limits[i].Origin == limits[index].Origin ? 1 : 0;
        }

        return before;
    }

    private static string Name(RateLimit limit, int twin) => string.Create(
        CultureInfo.InvariantCulture,
        $"{limit.Origin} {twin} {limit.Burst}/{limit.Tokens}/{limit.Interval.Ticks}/{limit.FillAtOnce} {limit.By} {limit.Header} {limit.PerEndpoint} {limit.EnabledPercentage}/{limit.EnforcedPercentage} {limit.Matches.Length}");

    private RateLimiter Inherit(RateLimit limit, string content)
    {
        if (_byContent.TryGetValue(content, out WeakReference<RateLimiter>? known) && known.TryGetTarget(out RateLimiter? before))
        {
            return before;
        }

        if (_byContent.Count >= MaxRemembered)
        {
            _byContent.Clear(); // forgets who was who, not the buckets in use
        }

        RateLimiter made = new(limit, time, random);
        _byContent[content] = new WeakReference<RateLimiter>(made);
        return made;
    }
}
