using Ambient.Core;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;

namespace Ambient.Cli.Proxies;

/// <summary>The pods that proxies run in.</summary>
internal static class ProxyPods
{
    public const string Ztunnel = "ambient-ztunnel";

    /// <summary>Label of the Gateway API on what is made for a Gateway (GEP-1762); the value is the Gateway's name.</summary>
    private const string GatewayName = "gateway.networking.k8s.io/gateway-name";

    public static async Task<Pod[]> OfSystemAsync(KubeClient client, string app, CancellationToken cancellation) =>
        [.. (await client.ListAsync<Pod>(MeshDefaults.SystemNamespace, new ListOptions { LabelSelector = $"app={app}" }, cancellation)).Items];

    /// <summary>Node proxies, or the waypoints and gateways that are meant.</summary>
    /// <param name="wanted">Pod, node or Gateway, or NAMESPACE/POD or NAMESPACE/GATEWAY; null: all.</param>
    /// <param name="part">What is asked of them, which not all have.</param>
    public static async Task<IReadOnlyList<Pod>> ChooseAsync(KubeClient client, string? wanted, string part, CancellationToken cancellation)
    {
        bool nodes = ProxyTables.OfNodes.Contains(part) && wanted?.Contains('/', StringComparison.Ordinal) != true;
        Pod[] ztunnels = nodes ? await OfSystemAsync(client, Ztunnel, cancellation) : [];
        Pod[] chosen = [.. ztunnels.Where(p => wanted is null || p.Metadata.Name == wanted || p.Spec?.NodeName == wanted)];
        if (chosen.Length > 0)
        {
            return chosen;
        }

        Pod[] gateways = ProxyTables.OfGateways.Contains(part)
            ? [.. (await client.ListAsync<Pod>(null, new ListOptions { LabelSelector = GatewayName }, cancellation)).Items]
            : [];
        chosen = [.. gateways.Where(p => IsMeant(p, wanted))];
        if (chosen.Length > 0 || (wanted is null && ztunnels.Length > 0))
        {
            return chosen;
        }

        string all = string.Join(", ", ztunnels.Select(static p => $"{p.Metadata.Name} on {p.Spec?.NodeName}")
            .Concat(gateways.Select(static p => $"{p.Metadata.Namespace}/{p.Metadata.Name} of Gateway {Gateway(p)}")));
        throw CliException.Unreachable(
            $"there is no proxy{(wanted is null ? "" : $" {wanted}")} that has {part}", wanted is null ? "the cluster" : "the name",
            all.Length > 0 ? $"there are: {all}" : nodes ? "the mesh is not installed here" : "no waypoint or gateway runs here",
            nodes ? "see 'ambientctl check'" : "name it NAMESPACE/POD or NAMESPACE/GATEWAY; see 'ambientctl proxy-status'");
    }

    private static bool IsMeant(Pod pod, string? wanted)
    {
        if (wanted?.Split('/', 2) is [var ns, var name])
        {
            return pod.Metadata.Namespace == ns && (pod.Metadata.Name == name || Gateway(pod) == name);
        }

        return wanted is null || pod.Metadata.Name == wanted || Gateway(pod) == wanted || pod.Spec?.NodeName == wanted;
    }

    private static string Gateway(Pod pod) => pod.Metadata.Labels?.GetValueOrDefault(GatewayName) ?? "";
}
