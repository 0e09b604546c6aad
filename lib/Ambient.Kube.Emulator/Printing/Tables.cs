using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Types;

namespace Ambient.Kube.Emulator.Printing;

/// <summary>meta.k8s.io Table: rows as <c>kubectl get</c> shows them.</summary>
internal static class Tables
{
    public static JsonObject Of(ResourceType type, IReadOnlyList<JsonObject> items, RequestedForm form, DateTimeOffset now, string? includeObject, string? version)
    {
        IReadOnlyList<Column> columns = Columns.Of(type);
        var rows = new JsonArray();
        foreach (JsonObject item in items)
        {
            var cells = new JsonArray();
            foreach (Column column in columns)
            {
                cells.Add(column.Cell(item, now));
            }

            var row = new JsonObject { ["cells"] = cells };
            if (includeObject != "None")
            {
                row["object"] = includeObject == "Object" ? item.DeepClone() : ReadEndpoint.Metadata(item, form.Version, "PartialObjectMetadata");
            }

            rows.Add((JsonNode)row);
        }

        return new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = $"meta.k8s.io/{form.Version}",
            ["metadata"] = new JsonObject { ["resourceVersion"] = version },
            ["columnDefinitions"] = new JsonArray([.. columns.Select(c => c.Definition())]),
            ["rows"] = rows,
        };
    }
}
