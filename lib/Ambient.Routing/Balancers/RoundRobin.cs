using System.Collections.Immutable;
using Ambient.Core.Routes;

namespace Ambient.Routing.Balancers;

/// <summary>
/// In turn, by weight, evenly spread: whoever is furthest behind its share is next. One lock, held for one walk over the set.
/// </summary>
internal sealed class RoundRobin(ImmutableArray<BalancedEndpoint> endpoints, Warmup? warmup) : IChooser
{
    private readonly Lock _lock = new();
    private readonly double[] _credit = new double[endpoints.Length];

    public BalancedEndpoint? Choose(ulong? hash, in Fitness fits)
    {
        lock (_lock)
        {
            int best = -1;
            double total = 0;
            for (int i = 0; i < endpoints.Length; i++)
            {
                if (!fits.Takes(endpoints[i]))
                {
                    continue; // gains nothing while it is away, so that it is not flooded when it is back
                }

                double weight = endpoints[i].EffectiveWeight(warmup);
                total += weight;
                _credit[i] += weight;
                best = best < 0 || _credit[i] > _credit[best] ? i : best;
            }

            if (best < 0)
            {
                return null;
            }

            _credit[best] -= total;
            return endpoints[best];
        }
    }
}
