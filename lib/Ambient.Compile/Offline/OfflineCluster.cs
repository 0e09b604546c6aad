using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Offline;

/// <summary>
/// Makes of manifests what a cluster would make of them, as far as compiling needs it: objects get their namespace, templates
/// become one ready pod each, named like their workload; with <c>assignAddresses</c> Gateways become running waypoints and gateways
/// (<see cref="OfflineGateways"/>), and pods and services that have no address get one, from ranges that are set aside for benchmarks
/// (RFC 2544, RFC 5180), so that they can be talked about.
/// </summary>
public static class OfflineCluster
{
    private const string DefaultNamespace = "default";

    private static readonly HashSet<string> ClusterScoped =
        [KnownKinds.Namespace, KnownKinds.Node, KnownKinds.GatewayClass, KnownKinds.Mesh, "apiextensions.k8s.io/CustomResourceDefinition"];

    private static readonly HashSet<string> Templates = ["apps/Deployment", "apps/DaemonSet", "apps/StatefulSet", "apps/ReplicaSet", "batch/Job"];

    /// <summary>The input is not changed. Objects that are not readable are passed on as they are.</summary>
    public static ImmutableArray<JsonObject> Complete(IEnumerable<JsonObject> objects, bool assignAddresses = false)
    {
        ArgumentNullException.ThrowIfNull(objects);
        var completed = ImmutableArray.CreateBuilder<JsonObject>();
        foreach (var original in objects)
        {
            var copy = (JsonObject)original.DeepClone();
            completed.Add(copy);
            if (ObjectKey.Of(copy) is not { } key)
            {
                continue;
            }

            if (key.Namespace.Length == 0 && !ClusterScoped.Contains(key.Kind))
            {
                copy["metadata"]!["namespace"] = DefaultNamespace;
                key = key with { Namespace = DefaultNamespace };
            }

            if (Templates.Contains(key.Kind) && PodOf(copy, key) is { } pod)
            {
                completed.Add(pod);
            }
            else if (key.Kind == KnownKinds.Pod && copy["status"] is null)
            {
                copy["status"] = Running();
            }
        }

        if (assignAddresses)
        {
            completed.AddRange(OfflineGateways.Of(completed.ToList()));
            Assign(completed);
        }

        return completed.ToImmutable();
    }

    private static JsonObject? PodOf(JsonObject workload, ObjectKey key)
    {
        if ((workload["spec"] as JsonObject)?["template"] is not JsonObject template)
        {
            return null;
        }

        var pod = (JsonObject)template.DeepClone();
        pod["apiVersion"] = "v1";
        pod["kind"] = KnownKinds.Pod;
        var metadata = pod["metadata"] as JsonObject;
        if (metadata is null)
        {
            pod["metadata"] = metadata = [];
        }

        metadata["name"] = key.Name;
        metadata["namespace"] = key.Namespace;
        metadata["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = workload["apiVersion"]!.DeepClone(),
            ["kind"] = workload["kind"]!.DeepClone(),
            ["name"] = key.Name,
            ["controller"] = true,
        });
        pod["status"] = Running();
        return pod;
    }

    internal static JsonObject Running() => new()
    {
        ["phase"] = "Running",
        ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True" }),
    };

    /// <summary>By name, so that the order of the files does not matter.</summary>
    private static void Assign(IEnumerable<JsonObject> objects)
    {
        int pods = 0;
        int services = 0;
        foreach (var item in objects.Select(static o => (Key: ObjectKey.Of(o), Content: o)).Where(static o => o.Key is not null).OrderBy(static o => o.Key!.Value))
        {
            if (item.Key!.Value.Kind == KnownKinds.Pod && item.Content["status"] is JsonObject { } status && status["podIP"] is null)
            {
                string address = Address(19, ++pods);
                status["podIP"] = address;
                status["podIPs"] = new JsonArray(new JsonObject { ["ip"] = address });
            }
            else if (item.Key.Value.Kind == KnownKinds.Service && item.Content["spec"] is JsonObject { } spec
                && spec["clusterIP"] is null && spec["clusterIPs"] is null && spec["type"]?.ToString() != "ExternalName")
            {
                spec["clusterIP"] = Address(18, ++services);
            }
            else if (item.Key.Value.Kind == KnownKinds.ServiceEntry && item.Content["spec"] is JsonObject { } entry
                && entry["addresses"] is null && item.Content["status"] is null)
            {
                // As the automatic allocation of a cluster does.
                item.Content["status"] = new JsonObject { ["addresses"] = new JsonArray(new JsonObject { ["value"] = Address(18, ++services) }) };
            }
        }
    }

    private static string Address(int second, int number) => new IPAddress([198, (byte)second, (byte)(number >> 8), (byte)number]).ToString();
}
