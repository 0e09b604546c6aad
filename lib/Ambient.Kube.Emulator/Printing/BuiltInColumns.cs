using System.Globalization;
using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Printing;

/// <summary>Columns of built-in kinds, the same as the real server's.</summary>
internal static class BuiltInColumns
{
    public static IReadOnlyList<Column>? Of(string shelf) => shelf switch
    {
        "/pods" => PodColumns.All,
        "/services" => ServiceColumns.All,
        "/nodes" => NodeColumns.All,
        "/events" => EventColumns.All,
        "apps/deployments" => WorkloadColumns.Deployments,
        "apps/replicasets" => WorkloadColumns.ReplicaSets,
        "apps/daemonsets" => WorkloadColumns.DaemonSets,
        "apps/statefulsets" => WorkloadColumns.StatefulSets,
        "batch/jobs" => WorkloadColumns.Jobs,
        "/endpoints" => EndpointColumns.Endpoints,
        "discovery.k8s.io/endpointslices" => EndpointColumns.Slices,
        _ => Small(shelf),
    };

    private static Column[]? Small(string shelf) => shelf switch
    {
        "/namespaces" => [Columns.Name, Text("Status", "status", "phase"), Columns.Age],
        "/serviceaccounts" => [Columns.Name, Count("Secrets", "secrets"), Columns.Age],
        "/secrets" => [Columns.Name, Text("Type", "type"), Keys("Data", "data"), Columns.Age],
        "/configmaps" => [Columns.Name, new("Data", (o, _) => Text(o.Object("data")?.Count + o.Object("binaryData")?.Count ?? o.Object("data")?.Count ?? o.Object("binaryData")?.Count ?? 0)), Columns.Age],
        "coordination.k8s.io/leases" => [Columns.Name, Text("Holder", "spec", "holderIdentity"), Columns.Age],
        "networking.k8s.io/networkpolicies" => [Columns.Name, new("Pod-Selector", (o, _) => Selectors.Show(o.Object("spec", "podSelector"))), Columns.Age],
        "policy/poddisruptionbudgets" => [Columns.Name, Or("Min Available", "spec", "minAvailable"), Or("Max Unavailable", "spec", "maxUnavailable"), Number("Allowed Disruptions", "status", "disruptionsAllowed"), Columns.Age],
        "autoscaling/horizontalpodautoscalers" =>
        [
            Columns.Name, new("Reference", (o, _) => $"{o.Text("spec", "scaleTargetRef", "kind")}/{o.Text("spec", "scaleTargetRef", "name")}"),
            new("Targets", (_, _) => "<none>"), Number("MinPods", "spec", "minReplicas"), Number("MaxPods", "spec", "maxReplicas"), Number("Replicas", "status", "currentReplicas"), Columns.Age,
        ],
        "rbac.authorization.k8s.io/roles" or "rbac.authorization.k8s.io/clusterroles" or "apiextensions.k8s.io/customresourcedefinitions" =>
            [Columns.Name, new("Created At", (o, _) => o.Text("metadata", "creationTimestamp")) { Type = "date" }],
        "rbac.authorization.k8s.io/rolebindings" or "rbac.authorization.k8s.io/clusterrolebindings" =>
            [Columns.Name, new("Role", (o, _) => $"{o.Text("roleRef", "kind")}/{o.Text("roleRef", "name")}"), Columns.Age],
        "scheduling.k8s.io/priorityclasses" => [Columns.Name, Number("Value", "value"), new("Global-Default", (o, _) => o.Flag("globalDefault")) { Type = "boolean" }, Columns.Age],
        "storage.k8s.io/storageclasses" => [Columns.Name, Text("Provisioner", "provisioner"), Text("ReclaimPolicy", "reclaimPolicy"), Text("VolumeBindingMode", "volumeBindingMode"), Columns.Age],
        "admissionregistration.k8s.io/mutatingwebhookconfigurations" or "admissionregistration.k8s.io/validatingwebhookconfigurations" =>
            [Columns.Name, Count("Webhooks", "webhooks"), Columns.Age],
        "apiregistration.k8s.io/apiservices" => [Columns.Name, new("Service", (o, _) => "Local"), new("Available", (o, _) => "True"), Columns.Age],
        _ => null,
    };

    public static Column Text(string name, params string[] path) => new(name, (o, _) => o.At(path).Plain());

    public static Column Number(string name, params string[] path) => new(name, (o, _) => o.Number(path) ?? 0) { Type = "integer" };

    private static Column Or(string name, params string[] path) => new(name, (o, _) => o.At(path).Plain() ?? "N/A");

    private static Column Count(string name, params string[] path) => new(name, (o, _) => o.Items(path).Count()) { Type = "integer" };

    private static Column Keys(string name, params string[] path) => new(name, (o, _) => o.Object(path)?.Count ?? 0) { Type = "integer" };

    private static JsonNode Text(int n) => n.ToString(CultureInfo.InvariantCulture);
}
