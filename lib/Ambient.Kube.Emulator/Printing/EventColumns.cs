using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Printing;

/// <summary>Columns of events, of their core form or the other.</summary>
internal static class EventColumns
{
    public static readonly Column[] All =
    [
        new("Last Seen", (o, now) => Ages.Since(Last(o), now)),
        BuiltInColumns.Text("Type", "type"),
        BuiltInColumns.Text("Reason", "reason"),
        new("Object", (o, _) => Subject(o)),
        new("Subobject", (o, _) => About(o).Text("fieldPath") ?? "") { Priority = 1 },
        new("Source", (o, _) => o.Text("source", "component") ?? o.Text("reportingComponent") ?? o.Text("reportingController") ?? "") { Priority = 1 },
        new("Message", (o, _) => (o.Text("message") ?? o.Text("note") ?? "").Trim()),
        new("First Seen", (o, now) => Ages.Since(o.Text("firstTimestamp") ?? o.Text("deprecatedFirstTimestamp") ?? o.Text("eventTime"), now)) { Priority = 1 },
        new("Count", (o, _) => o.Number("count") ?? o.Number("deprecatedCount") ?? 1) { Type = "string", Priority = 1 },
        new("Name", (o, _) => o.Text("metadata", "name")) { Format = "name", Priority = 1 },
    ];

    private static string? Last(JsonObject e) => e.Text("series", "lastObservedTime") ?? e.Text("lastTimestamp") ?? e.Text("deprecatedLastTimestamp") ?? e.Text("eventTime");

    private static JsonObject? About(JsonObject e) => e.Object("involvedObject") ?? e.Object("regarding");

    private static string Subject(JsonObject e) => $"{About(e).Text("kind")?.ToLowerInvariant()}/{About(e).Text("name")}";
}
