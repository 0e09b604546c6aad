namespace Ambient.Core;

/// <summary>A namespace and a name, written <c>namespace/name</c>.</summary>
public readonly record struct NamespacedName(string Namespace, string Name) : IComparable<NamespacedName>
{
    /// <summary>Parses <c>namespace/name</c>; the name may hold further slashes, the namespace may be empty.</summary>
    public static bool TryParse(string? text, out NamespacedName value)
    {
        int slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        value = slash < 0 ? default : new NamespacedName(text![..slash], text[(slash + 1)..]);
        return slash >= 0 && value.Name.Length > 0;
    }

    public int CompareTo(NamespacedName other)
    {
        int byNamespace = string.CompareOrdinal(Namespace, other.Namespace);
        return byNamespace != 0 ? byNamespace : string.CompareOrdinal(Name, other.Name);
    }

    public override string ToString() => $"{Namespace}/{Name}";

    public static bool operator <(NamespacedName left, NamespacedName right) => left.CompareTo(right) < 0;

    public static bool operator >(NamespacedName left, NamespacedName right) => left.CompareTo(right) > 0;

    public static bool operator <=(NamespacedName left, NamespacedName right) => left.CompareTo(right) <= 0;

    public static bool operator >=(NamespacedName left, NamespacedName right) => left.CompareTo(right) >= 0;
}
