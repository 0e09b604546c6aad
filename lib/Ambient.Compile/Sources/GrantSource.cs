using System.Collections.Immutable;

namespace Ambient.Compile.Sources;

/// <summary>A ReferenceGrant: who may refer into its namespace, and to what. An empty name stands for every name.</summary>
internal sealed record GrantSource(
    SourceMeta Meta, ImmutableArray<(string Group, string Kind, string Namespace)> From, ImmutableArray<(string Group, string Kind, string Name)> To)
{
    public static GrantSource Read(JsonView o, ObjectKey key) => new(
        SourceMeta.Read(o, key),
        [.. o["spec"].List("from").Select(static f => (f.Text("group"), f.Text("kind"), f.Text("namespace")))],
        [.. o["spec"].List("to").Select(static t => (t.Text("group"), t.Text("kind"), t.Text("name")))]);

    /// <param name="from">Kind of the Gateway API that refers, without its group.</param>
    public bool Permits(string from, string fromNamespace, string group, string kind, string name) =>
        From.Contains((RouteSource.Group, from, fromNamespace))
        && To.Any(t => t.Group == group && t.Kind == kind && (t.Name.Length == 0 || t.Name == name));
}
