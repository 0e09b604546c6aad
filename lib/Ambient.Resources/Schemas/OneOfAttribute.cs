namespace Ambient.Resources.Schemas;

/// <summary>The only values of a text field (OpenAPI enum).</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OneOfAttribute(params string[] values) : Attribute
{
    public IReadOnlyList<string> Values { get; } = values;
}
