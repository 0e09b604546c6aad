namespace Ambient.Compile.Index;

/// <summary>Sets by key; an empty set is no set.</summary>
internal sealed class Groups<TKey, TMember> where TKey : notnull
{
    private static readonly HashSet<TMember> None = [];
    private readonly Dictionary<TKey, HashSet<TMember>> _groups = [];

    public IReadOnlyCollection<TKey> Keys => _groups.Keys;

    public IReadOnlySet<TMember> this[TKey key] => _groups.GetValueOrDefault(key, None);

    public void Add(TKey key, TMember member)
    {
        if (!_groups.TryGetValue(key, out var group))
        {
            _groups[key] = group = [];
        }

        group.Add(member);
    }

    public void Remove(TKey key, TMember member)
    {
        if (_groups.TryGetValue(key, out var group) && group.Remove(member) && group.Count == 0)
        {
            _groups.Remove(key);
        }
    }
}
