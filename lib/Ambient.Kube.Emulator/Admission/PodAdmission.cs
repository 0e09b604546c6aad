using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Storage;
using Ambient.Kube.Emulator.Types;

namespace Ambient.Kube.Emulator.Admission;

/// <summary>Gives a new pod its service account, the token volume, the standard tolerations and its quality-of-service class.</summary>
internal static class PodAdmission
{
    private const string TokenPath = "/var/run/secrets/kubernetes.io/serviceaccount";

    public static void Admit(ResourceType type, JsonObject pod, ResourceStore store)
    {
        JsonObject spec = pod.Ensure("spec");
        string account = spec.Text("serviceAccountName") ?? spec.Text("serviceAccount") ?? "default";
        account = account.Length == 0 ? "default" : account;
        spec["serviceAccountName"] = account;
        spec["serviceAccount"] = account;
        string ns = pod.Text("metadata", "namespace") ?? "";
        StoredObject? found = store.Find("/serviceaccounts", ns, account);
        if (found is null)
        {
            throw ApiErrors.Forbidden(type, pod.Text("metadata", "name") ?? "", $"error looking up service account {ns}/{account}: serviceaccount \"{account}\" not found");
        }

        if (spec.At("automountServiceAccountToken") is null ? found.Value.At("automountServiceAccountToken")?.ToJsonString() != "false" : spec.Flag("automountServiceAccountToken"))
        {
            MountToken(spec);
        }

        AddTolerations(spec);
        if (store.Find("scheduling.k8s.io/priorityclasses", "", spec.Text("priorityClassName") ?? "")?.Value.Number("value") is { } priority)
        {
            spec["priority"] = priority;
        }

        spec["priority"] ??= spec.Text("priorityClassName") switch { "system-node-critical" => 2000001000, "system-cluster-critical" => 2000000000, _ => 0 };
        spec["preemptionPolicy"] ??= "PreemptLowerPriority";
        spec["schedulerName"] ??= "default-scheduler";
        pod.Ensure("status")["qosClass"] = QosClass(spec);
    }

    private static void MountToken(JsonObject spec)
    {
        if (spec.Items("volumes").Any(v => v.Text("name")?.StartsWith("kube-api-access-", StringComparison.Ordinal) == true))
        {
            return;
        }

        string volume = "kube-api-access-" + System.Security.Cryptography.RandomNumberGenerator.GetString("bcdfghjklmnpqrstvwxz2456789", 5);
        bool used = false;
        foreach (JsonNode? container in spec.Items("initContainers").Concat(spec.Items("containers")))
        {
            if (container is JsonObject c && !c.Items("volumeMounts").Any(m => m.Text("mountPath") == TokenPath))
            {
                if (c["volumeMounts"] is not JsonArray mounts)
                {
                    c["volumeMounts"] = mounts = [];
                }

                mounts.Add((JsonNode)new JsonObject { ["name"] = volume, ["readOnly"] = true, ["mountPath"] = TokenPath });
                used = true;
            }
        }

        if (!used)
        {
            return;
        }

        if (spec["volumes"] is not JsonArray volumes)
        {
            spec["volumes"] = volumes = [];
        }

        volumes.Add((JsonNode)TokenVolume(volume));
    }

    private static JsonObject TokenVolume(string name) => new()
    {
        ["name"] = name,
        ["projected"] = new JsonObject
        {
            ["sources"] = new JsonArray(
                new JsonObject { ["serviceAccountToken"] = new JsonObject { ["expirationSeconds"] = 3607, ["path"] = "token" } },
                new JsonObject
                {
                    ["configMap"] = new JsonObject
                    {
                        ["name"] = "kube-root-ca.crt",
                        ["items"] = new JsonArray(new JsonObject { ["key"] = "ca.crt", ["path"] = "ca.crt" }),
                    },
                },
                new JsonObject
                {
                    ["downwardAPI"] = new JsonObject
                    {
                        ["items"] = new JsonArray(new JsonObject
                        {
                            ["path"] = "namespace",
                            ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = "metadata.namespace" },
                        }),
                    },
                }),
            ["defaultMode"] = 420,
        },
    };

    private static void AddTolerations(JsonObject spec)
    {
        if (spec["tolerations"] is not JsonArray tolerations)
        {
            spec["tolerations"] = tolerations = [];
        }

        foreach (string key in (string[])["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"])
        {
            if (!tolerations.Any(t => (t.Text("key") ?? key) == key && t.Text("effect") is null or "NoExecute"))
            {
                tolerations.Add((JsonNode)new JsonObject { ["key"] = key, ["operator"] = "Exists", ["effect"] = "NoExecute", ["tolerationSeconds"] = 300 });
            }
        }
    }

    private static string QosClass(JsonObject spec)
    {
        bool any = false, all = true;
        foreach (JsonNode? container in spec.Items("containers").Concat(spec.Items("initContainers")))
        {
            JsonObject? limits = container.Object("resources", "limits"), requests = container.Object("resources", "requests");
            any |= limits?.Count > 0 || requests?.Count > 0;
            foreach (string resource in (string[])["cpu", "memory"])
            {
                string? limit = limits.At(resource).Plain();
                all &= limit is not null && (requests.At(resource).Plain() ?? limit) == limit;
            }
        }

        return !any ? "BestEffort" : all ? "Guaranteed" : "Burstable";
    }
}
