using System.Collections.Immutable;
using Ambient.Kube.Emulator.Schemas;

namespace Ambient.Kube.Emulator.Types;

/// <summary>Every served resource. Readers take <see cref="Current"/>; only the CRD controller changes it, one whole swap at a time.</summary>
internal sealed class ResourceCatalog
{
    private readonly ImmutableArray<ResourceType> builtIns;
    private volatile CatalogView current;

    public ResourceCatalog()
    {
        Text = SchemaText.ReadAll();
        builtIns = [.. Text.Kinds.Select(BuiltInTypes.From)];
        current = new CatalogView(builtIns, 1);
    }

    public SchemaText Text { get; }

    public CatalogView Current => current;

    /// <summary>Replaces what CRDs define.</summary>
    public void SetCustom(IEnumerable<ResourceType> custom) =>
        current = new CatalogView([.. builtIns, .. custom], current.Serial + 1);
}
