namespace Ambient.Compile.Sources;

/// <summary>A reference to a Secret or ConfigMap. <paramref name="Path"/>: its field, for messages. The namespace is the author's where none was written.</summary>
internal sealed record ObjectRef(string Path, string Group, string Kind, string Namespace, string Name)
{
    public ObjectKey Key => new(Group.Length == 0 ? Kind : $"{Group}/{Kind}", Namespace, Name);

    public static ObjectRef Read(JsonView r, string @namespace, string kind) => new(
        r.Path, r.Text("group"), r["kind"].Text() is { Length: > 0 } other ? other : kind,
        r.Text("namespace") is { Length: > 0 } ns ? ns : @namespace, r.Text("name"));
}
