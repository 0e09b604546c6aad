using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Printing;

/// <summary>Label selectors and labels as text.</summary>
internal static class Selectors
{
    public static string Show(JsonObject? selector)
    {
        IEnumerable<string> labels = (selector.Object("matchLabels") ?? []).OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value.Plain()}");
        IEnumerable<string> expressions = selector.Items("matchExpressions").Select(e => e.Text("operator") switch
        {
            "In" => $"{e.Text("key")} in ({Values(e)})",
            "NotIn" => $"{e.Text("key")} notin ({Values(e)})",
            "DoesNotExist" => $"!{e.Text("key")}",
            _ => e.Text("key") ?? "",
        });
        return string.Join(',', labels.Concat(expressions)) is { Length: > 0 } text ? text : "<none>";
    }

    public static string Labels(JsonObject? labels) =>
        labels is null or { Count: 0 } ? "<none>" : string.Join(',', labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value.Plain()}"));

    private static string Values(JsonNode? expression) => string.Join(',', expression.Items("values").Select(v => v.Plain()));
}
