namespace Ambient.Resources.Schemas;

/// <summary>Makes a class a custom resource kind. Versions share one schema; the first is the storage version.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ResourceAttribute(string group, string kind, string plural, params string[] versions) : Attribute
{
    public string Group { get; } = group;

    public string Kind { get; } = kind;

    public string Plural { get; } = plural;

    /// <summary>All are served; the first is stored.</summary>
    public IReadOnlyList<string> Versions { get; } = versions;

    public bool ClusterScoped { get; init; }

    public string[] ShortNames { get; init; } = [];

    public string[] Categories { get; init; } = [];
}
