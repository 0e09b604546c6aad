namespace Ambient.Compile.Gateways.Running;

/// <summary>Labels of the pods of gateways. Who creates the pods puts them on; Istio Gateways find the pods by them.</summary>
internal static class GatewayPodLabels
{
    /// <summary>Names the Gateway.</summary>
    public const string Name = "gateway.networking.k8s.io/gateway-name";

    /// <summary><c>gateway</c>: the pods are a gateway of ours though there is no Gateway of that name, as those of a chart are.</summary>
    public const string Proxy = "ambient.dev/proxy";

    /// <summary>What Istio's own charts call their gateways, so that Gateways which select these find ours.</summary>
    public const string Istio = "istio";

    internal static string IstioName(GatewayRole role) => role switch
    {
        GatewayRole.Ingress => "ingressgateway",
        GatewayRole.EastWest => "eastwestgateway",
        _ => "",
    };

    /// <summary>What pods of a created Gateway carry; <c>infrastructure.labels</c> come last and win.</summary>
    /// <param name="role">Value of <see cref="Istio"/>; empty: none (waypoints).</param>
    public static IReadOnlyDictionary<string, string> Of(string gateway, string role, IReadOnlyDictionary<string, string> infrastructure)
    {
        SortedDictionary<string, string> labels = new(StringComparer.Ordinal);
        if (role.Length > 0)
        {
            labels[Istio] = role;
        }

        foreach (var (key, value) in infrastructure)
        {
            labels[key] = value;
        }

        labels[Name] = gateway;
        return labels;
    }
}
