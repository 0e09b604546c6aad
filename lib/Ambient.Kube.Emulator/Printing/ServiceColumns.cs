using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Printing;

/// <summary>Columns of Services.</summary>
internal static class ServiceColumns
{
    public static readonly Column[] All =
    [
        Columns.Name,
        BuiltInColumns.Text("Type", "spec", "type"),
        new("Cluster-IP", (o, _) => o.Items("spec", "clusterIPs").FirstOrDefault().Plain() ?? o.Text("spec", "clusterIP") ?? "<none>"),
        new("External-IP", (o, _) => External(o)),
        new("Port(s)", (o, _) => Ports(o)),
        Columns.Age,
        new("Selector", (o, _) => Selectors.Labels(o.Object("spec", "selector"))) { Priority = 1 },
    ];

    private static string External(JsonObject service)
    {
        if (service.Text("spec", "type") == "ExternalName")
        {
            return service.Text("spec", "externalName") ?? "";
        }

        IEnumerable<string> addresses = service.Items("status", "loadBalancer", "ingress").Select(i => i.Text("ip") ?? i.Text("hostname") ?? "")
            .Concat(service.Items("spec", "externalIPs").Select(i => i.Plain() ?? ""));
        return string.Join(',', addresses) is { Length: > 0 } text ? text : service.Text("spec", "type") == "LoadBalancer" ? "<pending>" : "<none>";
    }

    private static string Ports(JsonObject service)
    {
        string text = string.Join(',', service.Items("spec", "ports").Select(p =>
            p.Number("nodePort") is { } node and > 0 ? $"{p.Number("port")}:{node}/{p.Text("protocol")}" : $"{p.Number("port")}/{p.Text("protocol")}"));
        return text.Length == 0 ? "<none>" : text;
    }
}
