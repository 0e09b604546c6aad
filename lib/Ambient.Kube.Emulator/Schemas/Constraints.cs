using System.Text.RegularExpressions;

namespace Ambient.Kube.Emulator.Schemas;

/// <summary>Value checks of one schema node (JSON Schema validation keywords that structural schemas allow).</summary>
internal sealed record Constraints
{
    public double? Minimum { get; init; }

    public bool ExclusiveMinimum { get; init; }

    public double? Maximum { get; init; }

    public bool ExclusiveMaximum { get; init; }

    public double? MultipleOf { get; init; }

    public int? MinLength { get; init; }

    public int? MaxLength { get; init; }

    public Regex? Pattern { get; init; }

    public string? PatternText { get; init; }

    public int? MinItems { get; init; }

    public int? MaxItems { get; init; }

    public bool UniqueItems { get; init; }

    public int? MinProperties { get; init; }

    public int? MaxProperties { get; init; }

    public Schema[] AllOf { get; init; } = [];

    public Schema[] AnyOf { get; init; } = [];

    public Schema[] OneOf { get; init; } = [];

    public Schema? Not { get; init; }
}
