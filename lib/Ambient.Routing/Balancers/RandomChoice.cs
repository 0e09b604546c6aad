using System.Collections.Immutable;
using Ambient.Core.Routes;

namespace Ambient.Routing.Balancers;

/// <summary>One at random, by weight.</summary>
internal sealed class RandomChoice(ImmutableArray<BalancedEndpoint> endpoints, Random random, Warmup? warmup = null) : IChooser
{
    private const int MaxTries = 16;

    private readonly double _heaviest = endpoints.Length == 0 ? 0 : endpoints.Max(e => e.Weight);

    public BalancedEndpoint? Choose(ulong? hash, in Fitness fits)
    {
        // Drawing and throwing away is fair by weight and needs no sums, which health and warmup would change all the time.
        for (int i = 0; i < MaxTries && endpoints.Length > 0; i++)
        {
            BalancedEndpoint drawn = endpoints[random.Next(endpoints.Length)];
            if (random.NextDouble() * _heaviest < drawn.EffectiveWeight(warmup) && fits.Takes(drawn))
            {
                return drawn;
            }
        }

        return FromAll(fits);
    }

    private BalancedEndpoint? FromAll(in Fitness fits)
    {
        BalancedEndpoint? chosen = null;
        double sum = 0;
        foreach (BalancedEndpoint endpoint in endpoints)
        {
            if (fits.Takes(endpoint))
            {
                double weight = endpoint.EffectiveWeight(warmup);
                sum += weight;
                chosen = chosen is null || random.NextDouble() * sum < weight ? endpoint : chosen;
            }
        }

        return chosen;
    }
}
