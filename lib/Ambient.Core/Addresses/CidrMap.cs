using System.Collections.Immutable;

namespace Ambient.Core.Addresses;

/// <summary>
/// A persistent map from address ranges to values: one hash map for all ranges and, per network and family, the prefix lengths in
/// use. A change costs the logarithm of the ranges; a lookup costs one probe for each prefix length in use (at most 33 or 129).
/// </summary>
internal sealed class CidrMap<T>
{
    public static CidrMap<T> Empty { get; } = new(
        ImmutableDictionary<Key, ImmutableArray<T>>.Empty, ImmutableDictionary<Family, ImmutableArray<LengthInUse>>.Empty);

    private readonly ImmutableDictionary<Key, ImmutableArray<T>> _values;
    private readonly ImmutableDictionary<Family, ImmutableArray<LengthInUse>> _lengths;

    private CidrMap(
        ImmutableDictionary<Key, ImmutableArray<T>> values, ImmutableDictionary<Family, ImmutableArray<LengthInUse>> lengths)
    {
        _values = values;
        _lengths = lengths;
    }

    /// <summary>The values at exactly this range.</summary>
    public ImmutableArray<T> ValuesAt(string network, Cidr range) =>
        _values.TryGetValue(new Key(network, range), out ImmutableArray<T> found) ? found : [];

    /// <summary>Replaces the values at a range; no values removes it.</summary>
    public CidrMap<T> With(string network, Cidr range, ImmutableArray<T> values)
    {
        Key key = new(network, range);
        bool before = _values.ContainsKey(key);
        if (values.IsEmpty)
        {
            return before ? new(_values.Remove(key), Count(network, range, -1)) : this;
        }

        return new(_values.SetItem(key, values), before ? _lengths : Count(network, range, 1));
    }

    /// <summary>Prefix lengths that exist for this network and family, longest first.</summary>
    public ImmutableArray<LengthInUse> LengthsFor(string network, bool isIPv4) =>
        _lengths.TryGetValue(new Family(network, isIPv4), out ImmutableArray<LengthInUse> found) ? found : [];

    /// <summary>The values of the range of this length that holds the address.</summary>
    public bool TryFind(string network, AddressBits address, int prefixLength, out ImmutableArray<T> values) =>
        _values.TryGetValue(new Key(network, address.Masked(prefixLength), prefixLength), out values);

    private ImmutableDictionary<Family, ImmutableArray<LengthInUse>> Count(string network, Cidr range, int change)
    {
        Family family = new(network, range.Network.IsIPv4);
        ImmutableArray<LengthInUse> lengths = LengthsFor(network, family.IsIPv4);
        int at = 0;
        while (at < lengths.Length && lengths[at].PrefixLength > range.PrefixLength)
        {
            at++;
        }

        bool known = at < lengths.Length && lengths[at].PrefixLength == range.PrefixLength;
        int count = (known ? lengths[at].Ranges : 0) + change;
        ImmutableArray<LengthInUse> without = known ? lengths.RemoveAt(at) : lengths;
        ImmutableArray<LengthInUse> next = count > 0 ? without.Insert(at, new LengthInUse(range.PrefixLength, count)) : without;
        return next.IsEmpty ? _lengths.Remove(family) : _lengths.SetItem(family, next);
    }

    internal readonly record struct LengthInUse(int PrefixLength, int Ranges);

    private readonly record struct Family(string Network, bool IsIPv4);

    private readonly record struct Key(string Network, AddressBits Address, int PrefixLength)
    {
        public Key(string network, Cidr range)
            : this(network, range.Network, range.PrefixLength)
        {
        }
    }
}
