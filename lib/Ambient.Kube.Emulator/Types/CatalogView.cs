using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Ambient.Kube.Emulator.Types;

/// <summary>One state of the catalogue; <see cref="Serial"/> grows with each change, so that derived documents can be cached.</summary>
internal sealed class CatalogView
{
    private readonly FrozenDictionary<string, ResourceType> byPath;
    private readonly FrozenDictionary<string, ResourceType> byKind;
    private readonly FrozenDictionary<string, ResourceType> byShelf;

    public CatalogView(ImmutableArray<ResourceType> types, long serial)
    {
        Types = types;
        Serial = serial;
        byPath = types.Where(t => !t.IsHidden).ToFrozenDictionary(t => $"{t.Group}/{t.Version}/{t.Plural}");
        byKind = types.ToFrozenDictionary(t => $"{t.ApiVersion}/{t.Kind}");
        Stored = [.. types.Where(t => !t.IsHidden && !t.IsReview).GroupBy(t => t.Shelf)
            .Select(g => g.OrderBy(t => t.Group.Length).ThenBy(t => t.Version, VersionOrder.Instance).First())];
        byShelf = Stored.ToFrozenDictionary(t => t.Shelf);
        Groups = [.. types.Where(t => !t.IsHidden).GroupBy(t => t.Group)
            .Select(g => new ApiGroup(g.Key, [.. g.Select(t => t.Version).Distinct().Order(VersionOrder.Instance)]))];
    }

    public ImmutableArray<ResourceType> Types { get; }

    public long Serial { get; }

    /// <summary>Groups in the order in which discovery lists them, versions by preference.</summary>
    public ImmutableArray<ApiGroup> Groups { get; }

    public ResourceType? Find(string group, string version, string plural) => byPath.GetValueOrDefault($"{group}/{version}/{plural}");

    public ResourceType? FindKind(string apiVersion, string kind) => byKind.GetValueOrDefault($"{apiVersion}/{kind}");

    public IEnumerable<ResourceType> Of(string group, string version) =>
        Types.Where(t => t.Group == group && t.Version == version && !t.IsHidden);

    /// <summary>One type for each stored resource, in its preferred version.</summary>
    public ImmutableArray<ResourceType> Stored { get; }

    public ResourceType? OfShelf(string shelf) => byShelf.GetValueOrDefault(shelf);
}
