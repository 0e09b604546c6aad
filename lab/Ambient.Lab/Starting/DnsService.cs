using System.Net.Sockets;
using System.Text.Json.Nodes;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Lab.Network;

namespace Ambient.Lab.Starting;

/// <summary>The Service kube-system/kube-dns, whose endpoint is the lab's own DNS server.</summary>
internal static class DnsService
{
    public static async Task CreateAsync(KubeClient client, NetworkPlan plan, CancellationToken ct)
    {
        var ips = new JsonArray([.. plan.DnsServices.Select(a => (JsonNode)a.ToString())]);
        var service = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Service",
            ["metadata"] = new JsonObject { ["name"] = "kube-dns", ["namespace"] = "kube-system", ["labels"] = new JsonObject { ["k8s-app"] = "kube-dns" } },
            ["spec"] = new JsonObject
            {
                ["clusterIP"] = plan.DnsServices[0].ToString(),
                ["clusterIPs"] = ips,
                ["ipFamilies"] = new JsonArray([.. plan.DnsServices.Select(a => (JsonNode)(a.AddressFamily == AddressFamily.InterNetworkV6 ? "IPv6" : "IPv4"))]),
                ["ipFamilyPolicy"] = plan.DnsServices.Length > 1 ? "RequireDualStack" : "SingleStack",
                ["ports"] = Ports(),
            },
        };
        await client.Resource(new GroupVersionKind("", "v1", "Service")).CreateAsync(service, "lab", ct).ConfigureAwait(false);
        var slices = client.Resource(new GroupVersionKind("discovery.k8s.io", "v1", "EndpointSlice"));
        foreach (var gateway in plan.Gateways)
        {
            var family = gateway.AddressFamily == AddressFamily.InterNetworkV6 ? "IPv6" : "IPv4";
            await slices.CreateAsync(
                new JsonObject
                {
                    ["apiVersion"] = "discovery.k8s.io/v1",
                    ["kind"] = "EndpointSlice",
                    ["metadata"] = new JsonObject
                    {
                        ["name"] = "kube-dns-" + family.ToLowerInvariant(),
                        ["namespace"] = "kube-system",
                        ["labels"] = new JsonObject { [EndpointSlice.ServiceNameLabel] = "kube-dns" },
                    },
                    ["addressType"] = family,
                    ["ports"] = Ports(),
                    ["endpoints"] = new JsonArray(new JsonObject
                    {
                        ["addresses"] = new JsonArray(gateway.ToString()),
                        ["conditions"] = new JsonObject { ["ready"] = true },
                    }),
                },
                "lab",
                ct).ConfigureAwait(false);
        }
    }

    private static JsonArray Ports() => new(
        new JsonObject { ["name"] = "dns", ["port"] = 53, ["protocol"] = "UDP" },
        new JsonObject { ["name"] = "dns-tcp", ["port"] = 53, ["protocol"] = "TCP" });
}
