using Ambient.Compile.Sources;

namespace Ambient.Compile.Index;

/// <summary>Objects of one kind by key and by namespace.</summary>
internal sealed class Table<T> where T : class
{
    private static readonly Dictionary<ObjectKey, T> None = [];
    private readonly Dictionary<ObjectKey, T> _all = [];
    private readonly Dictionary<string, Dictionary<ObjectKey, T>> _byNamespace = new(StringComparer.Ordinal);

    public IReadOnlyCollection<T> All => _all.Values;

    public IReadOnlyCollection<ObjectKey> Keys => _all.Keys;

    public T? Find(ObjectKey key) => _all.GetValueOrDefault(key);

    public IReadOnlyDictionary<ObjectKey, T> In(string @namespace) => _byNamespace.GetValueOrDefault(@namespace, None);

    /// <summary>Returns what was there before.</summary>
    public T? Set(ObjectKey key, T? value)
    {
        var old = _all.GetValueOrDefault(key);
        if (value is null)
        {
            _all.Remove(key);
            if (_byNamespace.TryGetValue(key.Namespace, out var some) && some.Remove(key) && some.Count == 0)
            {
                _byNamespace.Remove(key.Namespace);
            }

            return old;
        }

        _all[key] = value;
        if (!_byNamespace.TryGetValue(key.Namespace, out var inNamespace))
        {
            _byNamespace[key.Namespace] = inNamespace = [];
        }

        inNamespace[key] = value;
        return old;
    }
}
