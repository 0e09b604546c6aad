using System.Text.Json.Nodes;

namespace Ambient.Kube.Emulator.Types;

/// <summary>What a resource type has because a CRD defines it.</summary>
internal sealed record CustomType
{
    public required string CrdName { get; init; }

    public required string StorageVersion { get; init; }

    /// <summary>additionalPrinterColumns of this version; empty means Age only.</summary>
    public required IReadOnlyList<JsonObject> Columns { get; init; }

    /// <summary>JSON paths of selectableFields, without the leading dot.</summary>
    public IReadOnlyList<string> SelectableFields { get; init; } = [];

    /// <summary>Text of the Warning header when this version is deprecated.</summary>
    public string? Deprecation { get; init; }
}
