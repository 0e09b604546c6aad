using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Types;

namespace Ambient.Kube.Emulator.Writing;

/// <summary>Events are stored in their core form and also served in the form of events.k8s.io/v1.</summary>
internal static class EventForms
{
    private static readonly (string Core, string New)[] Names =
    [
        ("involvedObject", "regarding"), ("message", "note"), ("source", "deprecatedSource"), ("reportingComponent", "reportingController"),
        ("firstTimestamp", "deprecatedFirstTimestamp"), ("lastTimestamp", "deprecatedLastTimestamp"), ("count", "deprecatedCount"),
    ];

    /// <summary>Null where the type is not events.k8s.io.</summary>
    public static JsonObject? Convert(ResourceType type, JsonObject core)
    {
        if (type.Shelf != "/events" || type.Group.Length == 0)
        {
            return null;
        }

        JsonObject value = core.Copy();
        value["apiVersion"] = type.ApiVersion;
        foreach ((string from, string to) in Names)
        {
            Rename(value, from, to);
        }

        return value;
    }

    public static JsonObject ToCore(JsonObject value, ResourceCatalog catalog)
    {
        value["apiVersion"] = catalog.Current.FindKind("v1", "Event")!.ApiVersion;
        foreach ((string to, string from) in Names)
        {
            Rename(value, from, to);
        }

        return value;
    }

    private static void Rename(JsonObject value, string from, string to)
    {
        if (value.TryGetPropertyValue(from, out JsonNode? field))
        {
            value.Remove(from);
            value[to] = field;
        }
    }
}
