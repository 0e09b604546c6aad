using System.Text.Json.Nodes;
using Ambient.Compile.Sources;

namespace Ambient.Operator.Watching;

/// <summary>Names of the namespaces that are there and not on their way out.</summary>
internal sealed class NamespaceRoster
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>A namespace is new here.</summary>
    public event Action<string>? Added;

    public void Put(ObjectKey key, JsonObject manifest)
    {
        bool isNew;
        bool leaving = manifest["metadata"] is JsonObject metadata && metadata["deletionTimestamp"] is not null;
        lock (_lock)
        {
            isNew = leaving ? _names.Remove(key.Name) && false : _names.Add(key.Name);
        }

        if (isNew)
        {
            Added?.Invoke(key.Name);
        }
    }

    public void Remove(ObjectKey key)
    {
        lock (_lock)
        {
            _names.Remove(key.Name);
        }
    }

    public bool Contains(string name)
    {
        lock (_lock)
        {
            return _names.Contains(name);
        }
    }

    public IReadOnlyList<string> List()
    {
        lock (_lock)
        {
            return [.. _names];
        }
    }
}
