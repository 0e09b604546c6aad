using System.Collections.Concurrent;
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
    private readonly ConcurrentDictionary<string, WeakReference<RateLimiter>> _byContent = new(StringComparer.Ordinal);

    /// <param name="index">Place of the limit in its rule.</param>
    public RateLimiter Of(RateLimit limit, int index) =>
        _made.TryGetValue(limit, out RateLimiter? found) ? found : _made.GetValue(limit, l => Inherit(l, index));

    private RateLimiter Inherit(RateLimit limit, int index)
    {
        string content = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{limit.Origin} {index} {limit.Burst}/{limit.Tokens}/{limit.Interval.Ticks}/{limit.FillAtOnce} {limit.By} {limit.Header} {limit.PerEndpoint} {limit.EnabledPercentage}/{limit.EnforcedPercentage} {limit.Matches.Length}");
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
