namespace Ambient.Discovery.Subscribing;

/// <summary>
/// What was applied of one type, over reconnects, so that a server can tell what is new and what is gone. Used by the client's one task.
/// </summary>
internal sealed class RetainedResources
{
    // No version of a server: says "I have something under this name, but not what you sent".
    private const string Refused = "";

    private readonly Dictionary<string, (string Version, bool IsService)> _byName = new(StringComparer.Ordinal);

    public IEnumerable<KeyValuePair<string, string>> Versions =>
        _byName.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Version));

    public void Applied(string name, string version, bool isService) => _byName[name] = (version, isService);

    public bool Holds(string name) => _byName.ContainsKey(name);

    /// <summary>An earlier version, or a stand-in, stays in force; the server is to send the resource again, or to say that it is gone.</summary>
    public void Rejected(string name, bool standsIn)
    {
        if (standsIn || _byName.ContainsKey(name))
        {
            _byName[name] = (Refused, _byName.GetValueOrDefault(name).IsService);
        }
    }

    /// <returns>Whether it was a service; null when it was not held.</returns>
    public bool? Remove(string name) => _byName.Remove(name, out var entry) ? entry.IsService : null;
}
