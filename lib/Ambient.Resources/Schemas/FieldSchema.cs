using System.Collections.Immutable;

namespace Ambient.Resources.Schemas;

/// <summary>The structural schema of one field: made once from a C# type, then written as a CRD and used to check objects.</summary>
internal sealed record FieldSchema
{
    public required FieldType Type { get; init; }

    public string Description { get; init; } = "";

    /// <summary>Declared fields of an object, in the order of the C# type.</summary>
    public ImmutableArray<KeyValuePair<string, FieldSchema>> Properties { get; init; } = [];

    public ImmutableArray<string> Required { get; init; } = [];

    /// <summary>Schema of the values of a map; then there are no properties.</summary>
    public FieldSchema? Values { get; init; }

    public FieldSchema? Items { get; init; }

    /// <summary>Keeps undeclared fields.</summary>
    public bool Open { get; init; }

    public ImmutableArray<string> OneOf { get; init; } = [];

    public int? MaxItems { get; init; }

    public int? MaxLength { get; init; }

    public double? Minimum { get; init; }

    public double? Maximum { get; init; }

    public FieldSchema? Property(string name)
    {
        foreach (var property in Properties)
        {
            if (property.Key == name)
            {
                return property.Value;
            }
        }

        return null;
    }
}
