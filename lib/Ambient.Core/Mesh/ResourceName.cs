namespace Ambient.Core.Mesh;

/// <summary>Type and key of a <see cref="ProxyResource"/>, written <c>Type/Key</c>.</summary>
public readonly record struct ResourceName(string Type, string Key)
{
    /// <summary>The key may hold further slashes; neither part is empty.</summary>
    public static bool TryParse(string? text, out ResourceName name)
    {
        int slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        name = slash < 0 ? default : new ResourceName(text![..slash], text[(slash + 1)..]);
        return slash > 0 && name.Key.Length > 0;
    }

    public override string ToString() => $"{Type}/{Key}";
}
