namespace Ambient.Resources.Schemas;

/// <summary>A field that takes a number or a text (x-kubernetes-int-or-string); its property is a <c>JsonNode</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class IntOrStringAttribute : Attribute;
