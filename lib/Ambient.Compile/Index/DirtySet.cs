using Ambient.Compile.Sources;

namespace Ambient.Compile.Index;

/// <summary>Objects whose output must be made anew: as a whole, or only a workload's list of policies.</summary>
internal sealed class DirtySet
{
    private readonly Dictionary<ObjectKey, bool> _whole = [];

    public void Add(ObjectKey key) => _whole[key] = true;

    public void Add(IEnumerable<ObjectKey> keys)
    {
        foreach (var key in keys)
        {
            Add(key);
        }
    }

    /// <summary>Workloads of which nothing but the policies that apply can have changed.</summary>
    public void AddLists(IEnumerable<ObjectKey> workloads)
    {
        foreach (var workload in workloads)
        {
            _whole.TryAdd(workload, false);
        }
    }

    /// <summary>Empties the set and gives what was in it.</summary>
    public List<KeyValuePair<ObjectKey, bool>> Take()
    {
        var keys = _whole.ToList();
        _whole.Clear();
        return keys;
    }
}
