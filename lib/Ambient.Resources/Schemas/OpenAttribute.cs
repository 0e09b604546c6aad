namespace Ambient.Resources.Schemas;

/// <summary>The object keeps fields that are not declared (x-kubernetes-preserve-unknown-fields).</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class OpenAttribute : Attribute;
