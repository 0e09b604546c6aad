using System.Collections.Frozen;
using System.Collections.Immutable;
using Ambient.Core.Routes;

namespace Ambient.Routing.Matching;

/// <summary>
/// Entries by what their path begins with. Places of entries are in order of precedence, so that of several candidates the lowest place
/// that fits is the answer.
/// </summary>
internal sealed class PathIndex
{
    private readonly ImmutableArray<HttpEntry> _entries;
    private readonly FrozenDictionary<string, int[]> _exact;
    private readonly FrozenDictionary<string, int[]> _exactIgnoringCase;
    private readonly PrefixTree _prefixes;
    private readonly PrefixTree? _prefixesIgnoringCase;

    public PathIndex(ImmutableArray<HttpEntry> entries)
    {
        _entries = entries;
        int[] all = [.. Enumerable.Range(0, entries.Length)];
        _exact = Exact(all.Where(i => IsExact(i) && !IgnoresCase(i)), StringComparer.Ordinal);
        _exactIgnoringCase = Exact(all.Where(i => IsExact(i) && IgnoresCase(i)), StringComparer.OrdinalIgnoreCase);
        _prefixes = PrefixTree.Of(all.Where(i => !IsExact(i) && !IgnoresCase(i)).Select(i => (entries[i].Path?.Value ?? "", i)));
        (string, int)[] ignoring = [.. all.Where(i => !IsExact(i) && IgnoresCase(i)).Select(i => (entries[i].Path!.Value.ToLowerInvariant(), i))];
        _prefixesIgnoringCase = ignoring.Length == 0 ? null : PrefixTree.Of(ignoring);

        bool IsExact(int i) => entries[i].Path?.Kind == PathMatchKind.Exact;
        bool IgnoresCase(int i) => entries[i].Path is { IgnoreCase: true };
    }

    /// <summary>Place of the entry that decides; -1 when none takes the request.</summary>
    public int First(RequestFacts facts)
    {
        int best = int.MaxValue;
        if (_exact.TryGetValue(facts.Path, out int[]? exact))
        {
            Consider(exact, facts, ref best);
        }

        if (_exactIgnoringCase.Count > 0 && _exactIgnoringCase.TryGetValue(facts.Path, out int[]? ignoring))
        {
            Consider(ignoring, facts, ref best);
        }

        Consider(_prefixes, facts.Path, facts, ref best);
        if (_prefixesIgnoringCase is not null)
        {
            Consider(_prefixesIgnoringCase, facts.Path.ToLowerInvariant(), facts, ref best);
        }

        return best == int.MaxValue ? -1 : best;
    }

    private void Consider(PrefixTree tree, string path, RequestFacts facts, ref int best)
    {
        PrefixTree? node = tree;
        int at = 0;
        while (node is not null)
        {
            Consider(node.Places, facts, ref best);
            node = node.Next(path, ref at);
        }
    }

    private void Consider(int[] places, RequestFacts facts, ref int best)
    {
        foreach (int place in places)
        {
            if (place >= best)
            {
                return;
            }

            if (_entries[place].Against(facts) is null)
            {
                best = place;
                return;
            }
        }
    }

    private FrozenDictionary<string, int[]> Exact(IEnumerable<int> places, StringComparer comparer) =>
        places.GroupBy(i => _entries[i].Path!.Value, comparer).ToFrozenDictionary(g => g.Key, g => g.ToArray(), comparer);
}
