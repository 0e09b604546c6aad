namespace Ambient.Kube.Resources;

/// <summary>core/v1 ObjectFieldSelector, e.g. <c>spec.nodeName</c>.</summary>
public sealed record ObjectFieldSelector
{
    public string FieldPath { get; init; } = "";
}
