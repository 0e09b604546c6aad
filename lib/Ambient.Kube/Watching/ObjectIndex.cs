namespace Ambient.Kube.Watching;

/// <summary>Values to keys of objects. Guarded by its store's lock.</summary>
internal sealed class ObjectIndex<T>(Func<T, IEnumerable<string>> valuesOf)
{
    private readonly Dictionary<string, HashSet<string>> _keys = new(StringComparer.Ordinal);

    public IEnumerable<string> Keys(string value) => _keys.TryGetValue(value, out HashSet<string>? keys) ? keys : [];

    public void Add(string key, T item)
    {
        foreach (string value in valuesOf(item))
        {
            if (!_keys.TryGetValue(value, out HashSet<string>? keys))
            {
                _keys.Add(value, keys = new HashSet<string>(1, StringComparer.Ordinal));
            }

            keys.Add(key);
        }
    }

    public void Remove(string key, T item)
    {
        foreach (string value in valuesOf(item))
        {
            if (_keys.TryGetValue(value, out HashSet<string>? keys) && keys.Remove(key) && keys.Count == 0)
            {
                _keys.Remove(value);
            }
        }
    }
}
