using System.Runtime.InteropServices;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Index;

/// <summary>
/// Objects that choose workloads by label, found from the labels of a workload without looking at the others. Each stands under one pair
/// of its selector, the least used one when it came: whoever carries all pairs carries that one.
/// </summary>
internal sealed class SelectorIndex<T> where T : class
{
    private static readonly Dictionary<ObjectKey, T> None = [];
    private readonly Dictionary<ObjectKey, Entry> _all = [];
    private readonly Dictionary<Slot, Dictionary<ObjectKey, Entry>> _slots = [];
    private readonly Dictionary<string, Dictionary<ObjectKey, T>> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<Slot, int> _pairs = [];

    private readonly record struct Slot(string Namespace, string Label, string Value);

    private sealed record Entry(T Value, IReadOnlyDictionary<string, string>? Selector, Slot Slot);

    /// <summary>Adds, replaces or, with a null value, removes. A selector that is null or empty chooses nothing in particular.</summary>
    public void Set(ObjectKey key, T? value, IReadOnlyDictionary<string, string>? selector)
    {
        if (_all.Remove(key, out var old))
        {
            Remove(key, old);
        }

        if (value is null)
        {
            return;
        }

        var entry = new Entry(value, selector is { Count: > 0 } ? selector : null, Least(key.Namespace, selector));
        _all[key] = entry;
        if (entry.Selector is null)
        {
            In(_open, key.Namespace)[key] = value;
            return;
        }

        In(_slots, entry.Slot)[key] = entry;
        foreach (var (label, content) in entry.Selector)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_pairs, new Slot(key.Namespace, label, content), out _)++;
        }
    }

    /// <summary>Those of a namespace that have no selector.</summary>
    public IReadOnlyCollection<T> WithoutSelector(string @namespace) => _open.GetValueOrDefault(@namespace, None).Values;

    /// <summary>True when a selector of the namespace names the label with this value.</summary>
    public bool Names(string @namespace, string label, string value) => _pairs.ContainsKey(new Slot(@namespace, label, value));

    /// <summary>Those of a namespace whose selector takes these labels, in no order.</summary>
    public IEnumerable<T> Selecting(string @namespace, IReadOnlyDictionary<string, string> labels)
    {
        foreach (var (label, value) in labels)
        {
            if (!_slots.TryGetValue(new Slot(@namespace, label, value), out var entries))
            {
                continue;
            }

            foreach (var entry in entries.Values)
            {
                if (entry.Selector!.Selects(labels))
                {
                    yield return entry.Value;
                }
            }
        }
    }

    private void Remove(ObjectKey key, Entry old)
    {
        if (old.Selector is null)
        {
            Out(_open, key.Namespace, key);
            return;
        }

        Out(_slots, old.Slot, key);
        foreach (var (label, content) in old.Selector)
        {
            var pair = new Slot(key.Namespace, label, content);
            if (--_pairs[pair] == 0)
            {
                _pairs.Remove(pair);
            }
        }
    }

    private Slot Least(string @namespace, IReadOnlyDictionary<string, string>? selector)
    {
        Slot least = default;
        int fewest = int.MaxValue;
        foreach (var (label, value) in selector ?? new Dictionary<string, string>())
        {
            var slot = new Slot(@namespace, label, value);
            int count = _slots.TryGetValue(slot, out var some) ? some.Count : 0;
            (least, fewest) = count < fewest ? (slot, count) : (least, fewest);
        }

        return least;
    }

    private static Dictionary<ObjectKey, TValue> In<TKey, TValue>(Dictionary<TKey, Dictionary<ObjectKey, TValue>> groups, TKey of) where TKey : notnull
    {
        if (!groups.TryGetValue(of, out var group))
        {
            groups[of] = group = [];
        }

        return group;
    }

    private static void Out<TKey, TValue>(Dictionary<TKey, Dictionary<ObjectKey, TValue>> groups, TKey of, ObjectKey key) where TKey : notnull
    {
        if (groups.TryGetValue(of, out var group) && group.Remove(key) && group.Count == 0)
        {
            groups.Remove(of);
        }
    }
}
