namespace Ambient.Resources.Schemas;

/// <summary>Bounds of a field; those left out do not apply.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LimitsAttribute : Attribute
{
    /// <summary>Items of a list or entries of a map.</summary>
    public int MaxItems { get; init; } = -1;

    /// <summary>Characters of the text, or of each text of a list or map.</summary>
    public int MaxLength { get; init; } = -1;

    public double Minimum { get; init; } = double.NaN;

    public double Maximum { get; init; } = double.NaN;

    public bool Required { get; init; }
}
