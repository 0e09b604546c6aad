using Ambient.Compile.Sources;

namespace Ambient.Compile.Index;

/// <summary>Objects whose output must be made anew.</summary>
internal sealed class DirtySet
{
    private readonly HashSet<ObjectKey> _keys = [];

    public void Add(ObjectKey key) => _keys.Add(key);

    public void Add(IEnumerable<ObjectKey> keys) => _keys.UnionWith(keys);

    /// <summary>Empties the set and gives what was in it; workloads come before the policies that count them.</summary>
    public List<ObjectKey> Take()
    {
        var keys = _keys.ToList();
        _keys.Clear();
        return keys;
    }
}
