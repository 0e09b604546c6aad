using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Printing;

/// <summary>Columns of nodes.</summary>
internal static class NodeColumns
{
    private const string RolePrefix = "node-role.kubernetes.io/";

    public static readonly Column[] All =
    [
        Columns.Name,
        new("Status", (o, _) => Status(o)),
        new("Roles", (o, _) => Roles(o)),
        Columns.Age,
        BuiltInColumns.Text("Version", "status", "nodeInfo", "kubeletVersion"),
        new("Internal-IP", (o, _) => Address(o, "InternalIP")) { Priority = 1 },
        new("External-IP", (o, _) => Address(o, "ExternalIP")) { Priority = 1 },
        new("OS-Image", (o, _) => o.Text("status", "nodeInfo", "osImage") ?? "<unknown>") { Priority = 1 },
        new("Kernel-Version", (o, _) => o.Text("status", "nodeInfo", "kernelVersion") ?? "<unknown>") { Priority = 1 },
        new("Container-Runtime", (o, _) => o.Text("status", "nodeInfo", "containerRuntimeVersion") ?? "<unknown>") { Priority = 1 },
    ];

    private static string Status(JsonObject node)
    {
        string? ready = node.Items("status", "conditions").FirstOrDefault(c => c.Text("type") == "Ready").Text("status");
        string status = ready switch { "True" => "Ready", null => "Unknown", _ => "NotReady" };
        return node.Flag("spec", "unschedulable") ? status + ",SchedulingDisabled" : status;
    }

    private static string Roles(JsonObject node)
    {
        string[] roles = [.. (node.Object("metadata", "labels") ?? []).Where(l => l.Key.StartsWith(RolePrefix, StringComparison.Ordinal)).Select(l => l.Key[RolePrefix.Length..]).Order(StringComparer.Ordinal)];
        return roles.Length == 0 ? "<none>" : string.Join(',', roles);
    }

    private static string Address(JsonObject node, string type) =>
        node.Items("status", "addresses").FirstOrDefault(a => a.Text("type") == type).Text("address") ?? "<none>";
}
