using System.Collections.Immutable;

namespace Ambient.Routing.Balancers;

/// <summary>
/// Maglev's table (Eisenbud et al., NSDI 2016, §3.4): every endpoint has its own order of the places and takes its next free one in turn, by
/// weight. Even shares, one look-up; few keys move when the set changes. Without a key: at random.
/// </summary>
internal sealed class Maglev : IChooser
{
    private const int MaxTableSize = 5_000_011;

    private readonly BalancedEndpoint[] _table;
    private readonly RandomChoice _random;

    public Maglev(ImmutableArray<BalancedEndpoint> endpoints, int tableSize, Random random)
    {
        _random = new RandomChoice(endpoints, random);
        _table = endpoints.Length == 0 ? [] : Fill([.. endpoints.OrderBy(e => e.Id, StringComparer.Ordinal)], Prime(Math.Clamp(tableSize, 2, MaxTableSize)));
    }

    public BalancedEndpoint? Choose(ulong? hash, in Fitness fits) => hash is { } key && _table.Length > 0
        ? Walk.From(_table, (int)(key % (ulong)_table.Length), fits)
        : _random.Choose(null, fits);

    private static BalancedEndpoint[] Fill(BalancedEndpoint[] endpoints, int size)
    {
        BalancedEndpoint[] table = new BalancedEndpoint[size];
        ulong[] at = [.. endpoints.Select(e => Hashing.Of(e.Id, 1) % (ulong)size)];
        ulong[] skip = [.. endpoints.Select(e => (Hashing.Of(e.Id, 2) % (ulong)(size - 1)) + 1)];
        double[] taken = new double[endpoints.Length];
        double heaviest = endpoints.Max(e => e.Weight);
        int filled = 0;
        for (int turn = 1; filled < size; turn++)
        {
            for (int i = 0; i < endpoints.Length && filled < size; i++)
            {
                if (taken[i] >= turn * (endpoints[i].Weight / heaviest))
                {
                    continue; // a light one sits out turns
                }

                while (table[at[i]] is not null)
                {
                    at[i] = (at[i] + skip[i]) % (ulong)size;
                }

                table[at[i]] = endpoints[i];
                taken[i]++;
                filled++;
            }
        }

        return table;
    }

    // Every step reaches all places only when the size is prime; what is not becomes the next one that is.
    private static int Prime(int size)
    {
        while (!IsPrime(size))
        {
            size++;
        }

        return size;
    }

    private static bool IsPrime(int number)
    {
        for (int i = 2; i <= number / i; i++)
        {
            if (number % i == 0)
            {
                return false;
            }
        }

        return true;
    }
}
