namespace Ambient.Resources.Schemas;

/// <summary>A column of <c>kubectl get</c> (additionalPrinterColumns). Age is added to every kind.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ColumnAttribute(string name, string jsonPath, string type = "string") : Attribute
{
    public string Name { get; } = name;

    public string JsonPath { get; } = jsonPath;

    public string Type { get; } = type;

    /// <summary>0 is always shown, higher only with <c>-o wide</c>.</summary>
    public int Priority { get; init; }
}
