using System.Collections.Immutable;
using Ambient.Core.Routes;

namespace Ambient.Routing.Choosing;

/// <summary>One of several backends by weight.</summary>
public static class WeightedChoice
{
    /// <summary>
    /// Null when there is nothing to choose: no backends, or several whose weights sum to 0. A single one is chosen whatever its weight.
    /// </summary>
    public static WeightedBackend? Choose(ImmutableArray<WeightedBackend> backends, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (backends.Length <= 1)
        {
            return backends.Length == 0 ? null : backends[0];
        }

        long total = 0;
        foreach (WeightedBackend backend in backends)
        {
            total += backend.Weight;
        }

        long point = total == 0 ? 0 : random.NextInt64(total);
        foreach (WeightedBackend backend in backends)
        {
            point -= backend.Weight;
            if (point < 0)
            {
                return backend;
            }
        }

        return null;
    }
}
