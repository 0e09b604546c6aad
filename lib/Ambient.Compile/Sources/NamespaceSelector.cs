using System.Collections.Immutable;

namespace Ambient.Compile.Sources;

/// <summary>A LabelSelector (metav1) with its expressions. An operator that nobody knows selects nothing.</summary>
internal sealed record NamespaceSelector(
    IReadOnlyDictionary<string, string> Labels, ImmutableArray<(string Key, string Operator, ImmutableArray<string> Values)> Expressions)
{
    public static NamespaceSelector Read(JsonView s) => new(
        s.Map("matchLabels"),
        [.. s.List("matchExpressions").Select(static e => (e.Text("key"), e.Text("operator"), e.Texts("values").ToImmutableArray()))]);

    public bool Selects(IReadOnlyDictionary<string, string> labels) => Labels.Selects(labels) && Expressions.All(e => e.Operator switch
    {
        "In" => labels.TryGetValue(e.Key, out string? value) && e.Values.Contains(value),
        "NotIn" => !labels.TryGetValue(e.Key, out string? value) || !e.Values.Contains(value),
        "Exists" => labels.ContainsKey(e.Key),
        "DoesNotExist" => !labels.ContainsKey(e.Key),
        _ => false,
    });
}
