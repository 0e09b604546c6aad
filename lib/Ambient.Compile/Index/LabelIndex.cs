using Ambient.Compile.Sources;

namespace Ambient.Compile.Index;

/// <summary>Finds workload objects (pods, WorkloadEntries) by selector, in a namespace or in the mesh, without looking at the others.</summary>
internal sealed class LabelIndex
{
    private readonly record struct Slot(string Namespace, string Label, string Value);

    private readonly Groups<Slot, ObjectKey> _slots = new();
    private readonly Groups<string, ObjectKey> _namespaces = new();
    private readonly Dictionary<ObjectKey, IReadOnlyDictionary<string, string>> _all = [];

    public IReadOnlyCollection<ObjectKey> All => _all.Keys;

    public void Set(ObjectKey key, IReadOnlyDictionary<string, string>? labels)
    {
        if (labels is not null && _all.TryGetValue(key, out var standing) && labels.SameAs(standing))
        {
            return;
        }

        if (_all.Remove(key, out var old))
        {
            _namespaces.Remove(key.Namespace, key);
            foreach (var (label, value) in old)
            {
                _slots.Remove(new(key.Namespace, label, value), key);
                _slots.Remove(new("", label, value), key);
            }
        }

        if (labels is null)
        {
            return;
        }

        _all[key] = labels;
        _namespaces.Add(key.Namespace, key);
        foreach (var (label, value) in labels)
        {
            _slots.Add(new(key.Namespace, label, value), key);
            _slots.Add(new("", label, value), key);
        }
    }

    /// <summary>Every object that the selector selects; <paramref name="namespace"/> empty means all namespaces.</summary>
    public IEnumerable<ObjectKey> Selected(string @namespace, IReadOnlyDictionary<string, string>? selector)
    {
        if (selector is not { Count: > 0 })
        {
            return @namespace.Length == 0 ? All : _namespaces[@namespace];
        }

        IReadOnlySet<ObjectKey>? fewest = null;
        foreach (var (label, value) in selector)
        {
            var group = _slots[new(@namespace, label, value)];
            fewest = fewest is null || group.Count < fewest.Count ? group : fewest;
        }

        return fewest!.Where(key => selector.Selects(_all[key]));
    }
}
