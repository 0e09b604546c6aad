using System.Collections.Frozen;

namespace Ambient.Routing.Matching;

/// <summary>Finds by host name: the exact name, then the longest wildcard (<c>*.b.c</c> before <c>*.c</c> before <c>*</c>).</summary>
internal sealed class HostIndex<T>
    where T : class
{
    private readonly FrozenDictionary<string, T> _exact;
    private readonly FrozenDictionary<string, T> _suffixes;
    private readonly T? _any;

    /// <param name="hosts">Lower-case, each once.</param>
    public HostIndex(IReadOnlyCollection<KeyValuePair<string, T>> hosts)
    {
        _exact = hosts.Where(h => !h.Key.StartsWith('*')).ToFrozenDictionary(StringComparer.Ordinal);
        _suffixes = hosts.Where(h => h.Key.StartsWith("*.", StringComparison.Ordinal))
            .ToFrozenDictionary(h => h.Key[1..], h => h.Value, StringComparer.Ordinal);
        _any = hosts.FirstOrDefault(h => h.Key == "*").Value;
    }

    /// <summary>The most specific that <paramref name="fits"/>; null when none does.</summary>
    /// <param name="host">Lower-case, without port.</param>
    public TFound? Find<TFound, TState>(string host, Func<T, TState, TFound?> fits, TState state)
        where TFound : class
    {
        if (_exact.TryGetValue(host, out T? exact) && fits(exact, state) is { } found)
        {
            return found;
        }

        if (_suffixes.Count > 0)
        {
            FrozenDictionary<string, T>.AlternateLookup<ReadOnlySpan<char>> suffixes = _suffixes.GetAlternateLookup<ReadOnlySpan<char>>();
            for (int dot = host.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = host.IndexOf('.', dot + 1))
            {
                if (dot > 0 && suffixes.TryGetValue(host.AsSpan(dot), out T? suffix) && fits(suffix, state) is { } foundBySuffix)
                {
                    return foundBySuffix;
                }
            }
        }

        return _any is null ? null : fits(_any, state);
    }
}
