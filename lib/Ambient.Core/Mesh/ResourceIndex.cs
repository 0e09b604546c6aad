using System.Collections.Immutable;

namespace Ambient.Core.Mesh;

/// <summary>Resources of proxies by type and key, and when each type changed last. Immutable.</summary>
internal sealed class ResourceIndex
{
    private readonly ImmutableDictionary<string, Kind> _kinds;

    private ResourceIndex(ImmutableDictionary<string, Kind> kinds) => _kinds = kinds;

    public static ResourceIndex Empty { get; } = new(ImmutableDictionary.Create<string, Kind>(StringComparer.Ordinal));

    private sealed record Kind(ImmutableSortedDictionary<string, ProxyResource> ByKey, long Version)
    {
        public static Kind None { get; } = new(ImmutableSortedDictionary.Create<string, ProxyResource>(StringComparer.Ordinal), 0);
    }

    public IEnumerable<ProxyResource> All => _kinds.OrderBy(static k => k.Key, StringComparer.Ordinal).SelectMany(static k => k.Value.ByKey.Values);

    public IEnumerable<ProxyResource> Of(string type) => _kinds.GetValueOrDefault(type, Kind.None).ByKey.Values;

    public ProxyResource? Find(string type, string key) => _kinds.GetValueOrDefault(type, Kind.None).ByKey.GetValueOrDefault(key);

    /// <summary>Of the snapshot that changed the type last; 0: it never had any.</summary>
    public long VersionOf(string type) => _kinds.GetValueOrDefault(type, Kind.None).Version;

    /// <param name="version">Of the snapshot that comes of it.</param>
    public ResourceIndex Apply(MeshUpdate update, long version)
    {
        var kinds = _kinds;
        foreach (var removed in update.RemovedResources.GroupBy(static r => r.Type, StringComparer.Ordinal))
        {
            Kind kind = kinds.GetValueOrDefault(removed.Key, Kind.None);
            kinds = kinds.SetItem(removed.Key, new Kind(kind.ByKey.RemoveRange(removed.Select(static r => r.Key)), version));
        }

        foreach (var put in update.Resources.GroupBy(static r => r.Type, StringComparer.Ordinal))
        {
            Kind kind = kinds.GetValueOrDefault(put.Key, Kind.None);
            kinds = kinds.SetItem(put.Key, new Kind(kind.ByKey.SetItems(put.Select(static r => KeyValuePair.Create(r.Key, r))), version));
        }

        return ReferenceEquals(kinds, _kinds) ? this : new ResourceIndex(kinds);
    }
}
