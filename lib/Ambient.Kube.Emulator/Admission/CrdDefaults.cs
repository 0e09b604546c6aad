using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Admission;

/// <summary>Defaults of a CustomResourceDefinition.</summary>
internal static class CrdDefaults
{
    public static void Fill(JsonObject value, JsonObject? before)
    {
        if (value.Object("spec", "names") is not { } names || names.Text("kind") is not { } kind)
        {
            return;
        }

        names["singular"] ??= kind.ToLowerInvariant();
        names["listKind"] ??= kind + "List";
        JsonObject conversion = value.Ensure("spec", "conversion");
        conversion["strategy"] ??= "None";
        if (before is null)
        {
            value["status"] = new JsonObject
            {
                ["conditions"] = new JsonArray(),
                ["acceptedNames"] = new JsonObject { ["plural"] = "", ["kind"] = "" },
                ["storedVersions"] = JsonPaths.ArrayOf(value.Items("spec", "versions").Where(v => v.Flag("storage")).Select(v => v.Text("name") ?? "")),
            };
        }
    }
}
