namespace Ambient.Discovery.Publishing;

/// <summary>All resources of one type, by name and by every key that leads to them. Guarded by the publisher's lock.</summary>
internal sealed class PublishedType
{
    private readonly Dictionary<string, PublishedResource> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _byKey = new(StringComparer.Ordinal);

    public IReadOnlyCollection<PublishedResource> All => _byName.Values;

    public PublishedResource? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Names of the resources that a key asks for: by name, by alias, and the workloads of a service.</summary>
    public IEnumerable<string> Resolve(string key)
    {
        IEnumerable<string> keyed = _byKey.TryGetValue(key, out HashSet<string>? names) ? names : [];
        return _byName.ContainsKey(key) ? keyed.Append(key) : keyed;
    }

    /// <returns>What stood there before.</returns>
    public PublishedResource? Put(PublishedResource resource)
    {
        PublishedResource? before = Remove(resource.Name);
        _byName.Add(resource.Name, resource);
        foreach (string key in resource.Aliases.Concat(resource.Owners))
        {
            if (!_byKey.TryGetValue(key, out HashSet<string>? names))
            {
                _byKey.Add(key, names = new(StringComparer.Ordinal));
            }

            names.Add(resource.Name);
        }

        return before;
    }

    /// <returns>What stood there; null when nothing did.</returns>
    public PublishedResource? Remove(string name)
    {
        if (!_byName.Remove(name, out PublishedResource? before))
        {
            return null;
        }

        foreach (string key in before.Aliases.Concat(before.Owners))
        {
            if (_byKey.TryGetValue(key, out HashSet<string>? names) && names.Remove(name) && names.Count == 0)
            {
                _byKey.Remove(key);
            }
        }

        return before;
    }
}
