using System.Text.Json.Nodes;

namespace Ambient.Kube.Emulator.Schemas;

/// <summary>Shape of a value, of a built-in type or of a CRD's structural schema: one model for pruning, defaulting, validation, patching,
/// field ownership and OpenAPI. Built once and then only read.</summary>
internal sealed class Schema
{
    /// <summary>object, array, string, integer, number or boolean; null allows any.</summary>
    public string? Type { get; set; }

    public string? Format { get; set; }

    public string? Description { get; set; }

    public Dictionary<string, Schema> Properties { get; } = new(StringComparer.Ordinal);

    public Schema? AdditionalProperties { get; set; }

    public Schema? Items { get; set; }

    public List<string> Required { get; } = [];

    public JsonNode? Default { get; set; }

    public JsonArray? Enum { get; set; }

    public bool Nullable { get; set; }

    public bool PreserveUnknown { get; set; }

    public bool IntOrString { get; set; }

    public bool EmbeddedResource { get; set; }

    /// <summary>map, set or atomic (x-kubernetes-list-type); null means atomic.</summary>
    public string? ListType { get; set; }

    public string[] ListMapKeys { get; set; } = [];

    /// <summary>The whole object is one field to its owners (x-kubernetes-map-type: atomic).</summary>
    public bool AtomicMap { get; set; }

    /// <summary>Key by which a strategic merge patch finds list items; null where the list is replaced, "" for a list of scalars that is merged.</summary>
    public string? PatchMergeKey { get; set; }

    public bool PatchRetainKeys { get; set; }

    /// <summary>Protobuf field number, with a second one where the wire nests the field; empty where protobuf does not carry it.</summary>
    public int[] Wire { get; set; } = [];

    /// <summary>Value checks of a CRD's schema; null where there are none.</summary>
    public Constraints? Checks { get; set; }

    /// <summary>Name of the OpenAPI component that holds this shape; null where it is written in place.</summary>
    public string? Component { get; set; }

    /// <summary>The named type that a use refers to; the use itself keeps description and default.</summary>
    public Schema? Target { get; set; }

    /// <summary>The CRD's own JSON, so that OpenAPI says exactly what its author wrote.</summary>
    public JsonObject? Source { get; set; }

    /// <summary>Where the shape really stands.</summary>
    public Schema Shape => Target ?? this;

    public bool IsOpaque => PreserveUnknown && Properties.Count == 0 && Type is null;

    /// <summary>Shape of a field, or null where the schema does not know it.</summary>
    public Schema? Field(string name) =>
        Properties.TryGetValue(name, out Schema? found) ? found.Shape : AdditionalProperties?.Shape;
}
