using System.Text.Json.Nodes;

namespace Ambient.Operator.Watching;

/// <summary>Takes out of an object what nobody here reads, before anything keeps it.</summary>
internal static class Narrowing
{
    public static JsonObject Common(JsonObject o)
    {
        if (o["metadata"] is JsonObject metadata)
        {
            metadata.Remove("managedFields");
            metadata.Remove("resourceVersion");
            (metadata["annotations"] as JsonObject)?.Remove("kubectl.kubernetes.io/last-applied-configuration");
        }

        return o;
    }

    /// <summary>Kinds whose status nobody here reads, though we write it.</summary>
    public static JsonObject WithoutStatus(JsonObject o)
    {
        o.Remove("status");
        return o;
    }

    /// <summary>Kinds of whose status only the addresses are read.</summary>
    public static JsonObject WithStatusAddresses(JsonObject o)
    {
        JsonNode? addresses = Child(o["status"], "addresses")?.DeepClone();
        o.Remove("status");
        if (addresses is not null)
        {
            o["status"] = new JsonObject { ["addresses"] = addresses };
        }

        return o;
    }

    /// <summary>Health is another's word in the status; the other conditions are ours.</summary>
    public static JsonObject WorkloadEntry(JsonObject o)
    {
        JsonNode? healthy = (Child(o["status"], "conditions") as JsonArray)?.OfType<JsonObject>()
            .FirstOrDefault(c => Is(c["type"], "Healthy"))?["status"]?.DeepClone();
        o.Remove("status");
        if (healthy is not null)
        {
            o["status"] = new JsonObject { ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Healthy", ["status"] = healthy }) };
        }

        return o;
    }

    /// <summary>Environment, volumes and probes of a pod are most of its size; images of a node as well.</summary>
    public static JsonObject Pod(JsonObject o)
    {
        Remove(o["spec"], "volumes", "tolerations", "affinity", "topologySpreadConstraints");
        foreach (string list in (ReadOnlySpan<string>)["containers", "initContainers"])
        {
            foreach (JsonNode? container in Child(o["spec"], list) as JsonArray ?? [])
            {
                Remove(container, "env", "envFrom", "args", "command", "resources", "volumeMounts", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle");
            }
        }

        Remove(o["status"], "containerStatuses", "initContainerStatuses");
        return o;
    }

    public static JsonObject Node(JsonObject o)
    {
        Remove(o["status"], "images", "capacity", "allocatable", "nodeInfo", "conditions", "volumesInUse", "volumesAttached");
        return o;
    }

    /// <summary>Of a Secret or ConfigMap the certificates and their keys, whatever else it holds.</summary>
    public static JsonObject Certificates(JsonObject o)
    {
        foreach (string field in (ReadOnlySpan<string>)["data", "binaryData", "stringData"])
        {
            if (o[field] is JsonObject data)
            {
                foreach (string key in data.Select(static d => d.Key).Where(static k => k is not ("tls.crt" or "tls.key" or "ca.crt" or "cert" or "key" or "cacert")).ToList())
                {
                    data.Remove(key);
                }
            }
        }

        return o;
    }

    /// <summary>v1beta1, which servers before 1.21 have alone, kept node and zone in a map: brought into the shape of v1.</summary>
    public static JsonObject EndpointSlice(JsonObject o)
    {
        if (!Is(o["apiVersion"], "discovery.k8s.io/v1beta1"))
        {
            return o;
        }

        o["apiVersion"] = "discovery.k8s.io/v1";
        foreach (JsonNode? endpoint in o["endpoints"] as JsonArray ?? [])
        {
            if (endpoint is JsonObject e && e["topology"] is JsonObject topology)
            {
                e["nodeName"] ??= topology["kubernetes.io/hostname"]?.DeepClone();
                e["zone"] ??= topology["topology.kubernetes.io/zone"]?.DeepClone();
                e.Remove("topology");
            }
        }

        return o;
    }

    // What an object holds where is its author's choice: a text in place of an object is no fault here.
    private static JsonNode? Child(JsonNode? node, string field) => node is JsonObject o ? o[field] : null;

    private static bool Is(JsonNode? node, string text) => node is JsonValue value && value.TryGetValue(out string? s) && s == text;

    private static void Remove(JsonNode? node, params ReadOnlySpan<string> fields)
    {
        if (node is JsonObject o)
        {
            foreach (string field in fields)
            {
                o.Remove(field);
            }
        }
    }
}
