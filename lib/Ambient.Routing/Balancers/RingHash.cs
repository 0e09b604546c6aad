using System.Collections.Immutable;

namespace Ambient.Routing.Balancers;

/// <summary>
/// Endpoints stand many times on a ring, by weight; a key belongs to the next one clockwise that may be chosen. When the set changes, only the
/// keys of what came or went move. Without a key: at random.
/// </summary>
internal sealed class RingHash : IChooser
{
    private const int MaxRingSize = 8 * 1024 * 1024;

    private readonly ulong[] _points;
    private readonly BalancedEndpoint[] _owners;
    private readonly RandomChoice _random;

    public RingHash(ImmutableArray<BalancedEndpoint> endpoints, int minRingSize, Random random)
    {
        _random = new RandomChoice(endpoints, random);
        double total = endpoints.Sum(e => (double)e.Weight);
        double least = endpoints.Length == 0 ? 1 : endpoints.Min(e => e.Weight);

        // How often the lightest stands is a power of two, so that it seldom changes with the number of endpoints: otherwise every change of
        // the set would move points of those that stay.
        uint each = System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Ceiling(Math.Clamp(minRingSize * least / Math.Max(total, 1), 1, MaxRingSize)));
        double size = Math.Min(MaxRingSize, total / least * each);
        List<(ulong Point, BalancedEndpoint Owner)> ring = [];
        foreach (BalancedEndpoint endpoint in endpoints)
        {
            int times = Math.Max(1, (int)Math.Ceiling(endpoint.Weight / total * size));
            for (int i = 0; i < times; i++)
            {
                ring.Add((Hashing.Of(endpoint.Id, (ulong)i + 1), endpoint));
            }
        }

        (ulong Point, BalancedEndpoint Owner)[] sorted =
            [.. ring.OrderBy(p => p.Point).ThenBy(p => p.Owner.Id, StringComparer.Ordinal)];
        _points = [.. sorted.Select(p => p.Point)];
        _owners = [.. sorted.Select(p => p.Owner)];
    }

    public BalancedEndpoint? Choose(ulong? hash, in Fitness fits)
    {
        if (hash is not { } key)
        {
            return _random.Choose(null, fits);
        }

        int found = Array.BinarySearch(_points, key);
        return Walk.From(_owners, found < 0 ? ~found : found, fits);
    }
}
