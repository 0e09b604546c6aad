using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Patching.Ownership;

/// <summary>One entry of metadata.managedFields.</summary>
internal sealed record ManagedEntry(string Manager, string Operation, string ApiVersion, string Subresource, string? Time, FieldSet Fields)
{
    /// <summary>How a conflict names it.</summary>
    public string Describe() =>
        $"\"{Manager}\"" + (Subresource.Length > 0 ? $" with subresource \"{Subresource}\"" : "") + $" using {ApiVersion}"
        + (Operation == "Update" && Time is not null ? $" at {Time}" : "");

    public bool IsOf(string manager, string operation, string apiVersion, string subresource) =>
        Manager == manager && Operation == operation && Subresource == subresource && (operation == "Apply" || ApiVersion == apiVersion);

    public static List<ManagedEntry> Parse(JsonNode? managedFields) =>
    [
        .. managedFields.Items().OfType<JsonObject>().Where(e => e.Text("manager") is not null || e.Object("fieldsV1") is not null).Select(e => new ManagedEntry(
            e.Text("manager") ?? "", e.Text("operation") ?? "Update", e.Text("apiVersion") ?? "", e.Text("subresource") ?? "", e.Text("time"), FieldSet.Parse(e.Object("fieldsV1")))),
    ];

    public JsonObject ToJson()
    {
        var entry = new JsonObject
        {
            ["manager"] = Manager,
            ["operation"] = Operation,
            ["apiVersion"] = ApiVersion,
            ["time"] = Time,
            ["fieldsType"] = "FieldsV1",
            ["fieldsV1"] = Fields.ToJson(),
        };
        if (Subresource.Length > 0)
        {
            entry["subresource"] = Subresource;
        }

        return entry;
    }
}
