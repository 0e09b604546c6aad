using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Types;
using Ambient.Kube.Emulator.Writing;

namespace Ambient.Kube.Emulator.Patching.Ownership;

/// <summary>Who set which field (metadata.managedFields).</summary>
internal static class FieldOwners
{
    public static void RecordWrite(ResourceType type, JsonObject? before, JsonObject value, WriteContext context, JsonNode? claimed, TimeProvider time)
    {
        _ = (type, before, context, claimed, time);
        (value["metadata"] as JsonObject)?.Remove("managedFields");
    }
}
