using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Types;

namespace Ambient.Kube.Emulator.Writing;

/// <summary>Keeps spec writers from status and status writers from spec, where status is a subresource.</summary>
internal static class StatusSplit
{
    public static void ForCreate(ResourceType type, JsonObject value)
    {
        if (type.HasStatus)
        {
            value.Remove("status");
        }

        switch (type.Shelf)
        {
            case "/pods":
                value["status"] = new JsonObject { ["phase"] = "Pending" };
                break;
            case "/namespaces":
                value["status"] = new JsonObject { ["phase"] = "Active" };
                value["spec"] = new JsonObject { ["finalizers"] = JsonPaths.ArrayOf("kubernetes") };
                break;
            case "/services":
                value["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() };
                break;
            case "apps/deployments" or "apps/daemonsets" or "apps/replicasets" or "apps/statefulsets" or "batch/jobs":
                value["status"] = new JsonObject();
                break;
        }
    }

    public static void ForUpdate(ResourceType type, JsonObject before, JsonObject value, string subresource)
    {
        if (!type.HasStatus)
        {
            return;
        }

        if (subresource != "status")
        {
            Take(before, value, "status");
            return;
        }

        // A status write leaves all but status as it was; of metadata, real servers let only managedFields change.
        JsonNode? status = value.At("status")?.DeepClone();
        JsonNode? managed = value.At("metadata", "managedFields")?.DeepClone();
        JsonNode? resourceVersion = value.At("metadata", "resourceVersion")?.DeepClone();
        foreach (string name in value.Select(f => f.Key).Except(["apiVersion", "kind"]).ToArray())
        {
            value.Remove(name);
        }

        foreach ((string name, JsonNode? field) in before)
        {
            if (name is not ("apiVersion" or "kind" or "status"))
            {
                value[name] = field?.DeepClone();
            }
        }

        if (status is not null)
        {
            value["status"] = status;
        }

        if (managed is not null)
        {
            value.Meta()["managedFields"] = managed;
        }

        value.Meta()["resourceVersion"] = resourceVersion;
    }

    private static void Take(JsonObject before, JsonObject value, string field)
    {
        if (before.At(field) is { } kept)
        {
            value[field] = kept.DeepClone();
        }
        else
        {
            value.Remove(field);
        }
    }
}
