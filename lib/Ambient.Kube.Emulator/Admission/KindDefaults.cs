using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Types;

namespace Ambient.Kube.Emulator.Admission;

/// <summary>Defaults that depend on other fields, which a schema cannot say. Run before the schema's own.</summary>
internal static class KindDefaults
{
    public static void Fill(ResourceType type, JsonObject value, JsonObject? before = null)
    {
        switch (type.Shelf)
        {
            case "/pods":
                PodSpec(value.Object("spec"));
                break;
            case "apps/deployments" or "apps/replicasets" or "apps/daemonsets" or "apps/statefulsets" or "batch/jobs":
                Workload(type, value);
                break;
            case "/services":
                Service(value);
                break;
            case "/secrets":
                Secret(value);
                break;
            case "/namespaces":
                value.Meta().Ensure("labels")["kubernetes.io/metadata.name"] = value.Text("metadata", "name");
                break;
            case "networking.k8s.io/networkpolicies" when value.Object("spec") is { } spec:
                spec["policyTypes"] ??= spec.At("egress") is null ? JsonPaths.ArrayOf("Ingress") : JsonPaths.ArrayOf("Ingress", "Egress");
                break;
            case "rbac.authorization.k8s.io/rolebindings" or "rbac.authorization.k8s.io/clusterrolebindings":
                Binding(value);
                break;
            case "apiextensions.k8s.io/customresourcedefinitions":
                CrdDefaults.Fill(value, before);
                break;
            case "discovery.k8s.io/endpointslices":
                foreach (JsonNode? endpoint in value.Items("endpoints"))
                {
                    (endpoint as JsonObject)?.Ensure("conditions");
                }

                break;
        }
    }

    private static void Workload(ResourceType type, JsonObject value)
    {
        JsonObject? spec = value.Object("spec");
        PodSpec(spec.Object("template", "spec"), type.Plural == "jobs" ? null : "Always");
        if (spec is null)
        {
            return;
        }

        spec.Object("template", "metadata")?.Remove("creationTimestamp");
        switch (type.Plural)
        {
            case "deployments":
                Rolling(spec.Ensure("strategy"), surge: "25%", unavailable: "25%");
                break;
            case "daemonsets":
                Rolling(spec.Ensure("updateStrategy"), surge: 0, unavailable: 1);
                break;
            case "statefulsets":
                JsonObject strategy = spec.Ensure("updateStrategy");
                if (strategy.Text("type") is null or "RollingUpdate")
                {
                    strategy.Ensure("rollingUpdate")["partition"] ??= 0;
                }

                break;
            case "jobs":
                Job(value, spec);
                break;
        }

        if (type.Plural == "replicasets" && value.Object("metadata", "labels") is null && spec.Object("template", "metadata", "labels") is { } labels)
        {
            value.Meta()["labels"] = labels.DeepClone();
        }
    }

    private static void Job(JsonObject value, JsonObject spec)
    {
        if (spec.At("completions") is null && spec.At("parallelism") is null)
        {
            spec["completions"] = 1;
        }

        if (spec.Flag("manualSelector") || spec.At("selector") is not null || value.Text("metadata", "uid") is not { } uid)
        {
            return;
        }

        spec["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["batch.kubernetes.io/controller-uid"] = uid } };
        JsonObject labels = spec.Ensure("template", "metadata", "labels");
        foreach (string prefix in (string[])["", "batch.kubernetes.io/"])
        {
            labels[prefix + "controller-uid"] = uid;
            labels[prefix + "job-name"] = value.Text("metadata", "name");
        }
    }

    private static void Rolling(JsonObject strategy, JsonNode surge, JsonNode unavailable)
    {
        if (strategy.Text("type") is null or "RollingUpdate")
        {
            JsonObject rolling = strategy.Ensure("rollingUpdate");
            rolling["maxUnavailable"] ??= unavailable;
            rolling["maxSurge"] ??= surge;
        }
    }

    private static void PodSpec(JsonObject? spec, string? restart = null)
    {
        if (spec is null)
        {
            return;
        }

        if (restart is not null)
        {
            spec["restartPolicy"] ??= restart;
        }

        if (spec.Text("serviceAccountName") is { Length: > 0 } account)
        {
            spec["serviceAccount"] ??= account;
        }

        foreach (JsonNode? node in spec.Items("containers").Concat(spec.Items("initContainers")))
        {
            if (node is JsonObject container)
            {
                Container(container, spec.Flag("hostNetwork"));
            }
        }

        foreach (JsonNode? volume in spec.Items("volumes"))
        {
            // A volume without a source is an empty directory.
            if (volume is JsonObject { Count: 1 } bare && bare.ContainsKey("name"))
            {
                bare["emptyDir"] = new JsonObject();
            }
        }
    }

    private static void Container(JsonObject container, bool hostNetwork)
    {
        string image = container.Text("image") ?? "";
        int at = image.LastIndexOf('/');
        string last = image[(at + 1)..];
        container["imagePullPolicy"] ??= !last.Contains('@', StringComparison.Ordinal)
            && (!last.Contains(':', StringComparison.Ordinal) || last.EndsWith(":latest", StringComparison.Ordinal)) ? "Always" : "IfNotPresent";
        if (container.Object("resources", "limits") is { } limits)
        {
            JsonObject requests = container.Ensure("resources", "requests");
            foreach ((string name, JsonNode? quantity) in limits)
            {
                requests[name] ??= quantity?.DeepClone();
            }
        }

        foreach (JsonNode? port in container.Items("ports"))
        {
            if (hostNetwork && port is JsonObject p && p.Number("hostPort") is null)
            {
                p["hostPort"] = p.At("containerPort")?.DeepClone();
            }
        }
    }

    private static void Service(JsonObject value)
    {
        foreach (JsonNode? port in value.Items("spec", "ports"))
        {
            if (port is JsonObject p && (p.At("targetPort") is null || p.Number("targetPort") == 0 || p.Text("targetPort") == ""))
            {
                p["targetPort"] = p.At("port")?.DeepClone();
            }
        }

        if (value.Text("spec", "sessionAffinity") == "ClientIP")
        {
            value.Ensure("spec", "sessionAffinityConfig", "clientIP")["timeoutSeconds"] ??= 10800;
        }
    }

    private static void Secret(JsonObject value)
    {
        if (value.Object("stringData") is not { } plain)
        {
            return;
        }

        JsonObject data = value.Ensure("data");
        foreach ((string key, JsonNode? text) in plain)
        {
            data[key] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text.Plain() ?? ""));
        }

        value.Remove("stringData");
    }

    private static void Binding(JsonObject value)
    {
        const string Group = "rbac.authorization.k8s.io";
        if (value.Object("roleRef") is { } role)
        {
            role["apiGroup"] = string.IsNullOrEmpty(role.Text("apiGroup")) ? Group : role.Text("apiGroup");
        }

        foreach (JsonNode? node in value.Items("subjects"))
        {
            if (node is JsonObject subject && subject.Text("kind") is "User" or "Group")
            {
                ((JsonObject)node!)["apiGroup"] ??= Group;
            }
        }
    }
}
