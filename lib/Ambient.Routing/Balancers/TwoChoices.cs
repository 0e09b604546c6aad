using System.Collections.Immutable;
using Ambient.Core.Routes;

namespace Ambient.Routing.Balancers;

/// <summary>The less loaded of two different ones drawn by weight; a tie goes to the first.</summary>
internal sealed class TwoChoices(ImmutableArray<BalancedEndpoint> endpoints, Warmup? warmup, Random random, Func<BalancedEndpoint, double> load)
    : IChooser
{
    private readonly RandomChoice _draw = new(endpoints, random, warmup);

    public BalancedEndpoint? Choose(ulong? hash, in Fitness fits)
    {
        BalancedEndpoint? first = _draw.Choose(hash, in fits);
        if (first is null || endpoints.Length == 1)
        {
            return first;
        }

        BalancedEndpoint? second = _draw.Choose(hash, fits.Without(first));
        return second is not null && load(second) < load(first) ? second : first;
    }
}
