using System.Diagnostics.CodeAnalysis;

namespace Ambient.Kube.Watching;

/// <summary>
/// Objects by key (<c>namespace/name</c>), with indexes by whatever else is asked for. One writer, any number of readers. What
/// is handed out is shared: do not change it.
/// </summary>
public sealed class ObjectStore<T>
    where T : class
{
    private readonly Func<T, string> _keyOf;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, T> _items = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ObjectIndex<T>> _indexes = new(StringComparer.Ordinal);

    internal ObjectStore(Func<T, string> keyOf) => _keyOf = keyOf;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _items.Count;
            }
        }
    }

    public T? Find(string key)
    {
        lock (_lock)
        {
            return _items.GetValueOrDefault(key);
        }
    }

    public bool TryGet(string key, [MaybeNullWhen(false)] out T item)
    {
        lock (_lock)
        {
            return _items.TryGetValue(key, out item);
        }
    }

    /// <summary>A copy of the list, not of the objects.</summary>
    public IReadOnlyList<T> List()
    {
        lock (_lock)
        {
            return [.. _items.Values];
        }
    }

    /// <summary>The objects that an index files under a value.</summary>
    public IReadOnlyList<T> ByIndex(string index, string value)
    {
        lock (_lock)
        {
            return _indexes.TryGetValue(index, out ObjectIndex<T>? found)
                ? [.. found.Keys(value).Select(key => _items[key])]
                : throw new ArgumentException($"there is no index '{index}'", nameof(index));
        }
    }

    internal void AddIndex(string name, Func<T, IEnumerable<string>> valuesOf)
    {
        lock (_lock)
        {
            var index = new ObjectIndex<T>(valuesOf);
            _indexes.Add(name, index);
            foreach ((string key, T item) in _items)
            {
                index.Add(key, item);
            }
        }
    }

    /// <summary>Returns the one that stood there.</summary>
    internal T? Put(T item)
    {
        string key = _keyOf(item);
        lock (_lock)
        {
            T? old = Take(key);
            _items.Add(key, item);
            foreach (ObjectIndex<T> index in _indexes.Values)
            {
                index.Add(key, item);
            }

            return old;
        }
    }

    internal T? Remove(string key)
    {
        lock (_lock)
        {
            return Take(key);
        }
    }

    private T? Take(string key)
    {
        if (_items.Remove(key, out T? old))
        {
            foreach (ObjectIndex<T> index in _indexes.Values)
            {
                index.Remove(key, old);
            }
        }

        return old;
    }
}
