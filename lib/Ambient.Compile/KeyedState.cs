using System.Collections.Immutable;

namespace Ambient.Compile;

/// <summary>
/// Items by key, and which keys changed since they were last taken. A key may move from one object's output to another's within a flush:
/// only what stands at its end counts.
/// </summary>
internal sealed class KeyedState<T>(Func<T, string> keyOf, Func<T, T, bool> same) where T : class
{
    private readonly Dictionary<string, T> _now = new(StringComparer.Ordinal);
    private readonly Dictionary<string, T?> _before = new(StringComparer.Ordinal);

    public void Replace(ImmutableArray<T> old, ImmutableArray<T> @new)
    {
        foreach (var item in old)
        {
            string key = keyOf(item);
            if (_now.TryGetValue(key, out var current) && ReferenceEquals(current, item))
            {
                _before.TryAdd(key, current);
                _now.Remove(key);
            }
        }

        foreach (var item in @new)
        {
            string key = keyOf(item);
            _before.TryAdd(key, _now.GetValueOrDefault(key));
            _now[key] = item;
        }
    }

    public (ImmutableArray<T> Changed, ImmutableArray<string> Removed) Take()
    {
        var changed = ImmutableArray.CreateBuilder<T>();
        var removed = ImmutableArray.CreateBuilder<string>();
        foreach (var (key, before) in _before.OrderBy(static b => b.Key, StringComparer.Ordinal))
        {
            var now = _now.GetValueOrDefault(key);
            if (now is null && before is not null)
            {
                removed.Add(key);
            }
            else if (now is not null && (before is null || !same(before, now)))
            {
                changed.Add(now);
            }
        }

        _before.Clear();
        return (changed.ToImmutable(), removed.ToImmutable());
    }

    public ImmutableArray<T> All() => [.. _now.OrderBy(static n => n.Key, StringComparer.Ordinal).Select(static n => n.Value)];
}
