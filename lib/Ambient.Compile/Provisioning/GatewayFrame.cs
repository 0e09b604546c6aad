using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Compile.Gateways;
using Ambient.Compile.Gateways.Running;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Provisioning;

/// <summary>What all objects of a Gateway share: names, owner, the labels and annotations that <c>spec.infrastructure</c> asks for.</summary>
internal sealed record GatewayFrame(
    GatewaySource Gateway, GatewayRole Role, string Name, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations, string LoadBalancerIp)
{
    /// <summary>A pod of a waypoint takes tunnels itself, and nobody captures it: its traffic would come back to it.</summary>
    private static readonly string[] NotEnrolled = ["ambient.dev/mesh=disabled", "istio.io/dataplane-mode=none"];

    /// <summary>Listeners of ListenerSets.</summary>
    public ImmutableArray<ListenerSource> Added { get; init; } = [];

    public string Namespace => Gateway.Meta.Namespace;

    public string GatewayName => Gateway.Meta.Name;

    public static GatewayFrame Of(JsonView view, GatewaySource gateway, GatewayRole role)
    {
        var infrastructure = view["spec"]["infrastructure"];
        return new GatewayFrame(
            gateway, role, GatewayNames.Workload(gateway.Meta.Name, gateway.Class, role), infrastructure.Map("labels"), infrastructure.Map("annotations"),
            view["spec"].List("addresses").Select(static a => a.Text("value")).FirstOrDefault(static v => v.Length > 0) ?? "");
    }

    /// <summary>An object with metadata; its fields are the caller's.</summary>
    public JsonObject Object(string apiVersion, string kind, string name) => new()
    {
        ["apiVersion"] = apiVersion,
        ["kind"] = kind,
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["namespace"] = Namespace,
            ["labels"] = Map(Labels, Own()),
            ["annotations"] = Annotations.Count == 0 ? null : Map(Annotations, []),
            ["ownerReferences"] = Gateway.Meta.Uid.Length == 0 ? null : new JsonArray(new JsonObject
            {
                ["apiVersion"] = Gateway.Meta.ApiVersion,
                ["kind"] = Gateway.Meta.Kind,
                ["name"] = GatewayName,
                ["uid"] = Gateway.Meta.Uid,
                ["controller"] = true,
                ["blockOwnerDeletion"] = true,
            }),
        },
    };

    /// <summary>The labels that Istio's own charts give come first: what a Gateway asks for replaces them.</summary>
    public JsonObject PodLabels() => Map(GatewayPodLabels.Of(GatewayName, GatewayPodLabels.IstioName(Role), Labels),
    [
        .. Own(),
        .. NotEnrolled,
        "sidecar.istio.io/inject=false",
        $"service.istio.io/canonical-name={Name}",
        "service.istio.io/canonical-revision=latest",
        // What the mesh sends to an ingress or egress gateway comes by HBONE too.
        "networking.istio.io/tunnel=http",
    ]);

    public JsonObject PodAnnotations() => Map(Annotations, ["prometheus.io/scrape=true", "prometheus.io/port=15020", "prometheus.io/path=/metrics"]);

    public JsonObject Selector() => new() { [GatewayPlan.GatewayLabel] = GatewayName };

    private string[] Own() =>
        [$"{GatewayPlan.GatewayLabel}={GatewayName}", $"{GatewayPlan.ClassLabel}={Gateway.Class}", $"{GatewayPlan.ManagedByLabel}={GatewayPlan.ManagedBy}"];

    /// <summary>What we rely on cannot be overwritten.</summary>
    private static JsonObject Map(IReadOnlyDictionary<string, string> asked, IEnumerable<string> ours)
    {
        var map = new SortedDictionary<string, string>(asked.ToDictionary(), StringComparer.Ordinal);
        foreach (string pair in ours)
        {
            int at = pair.IndexOf('=', StringComparison.Ordinal);
            map[pair[..at]] = pair[(at + 1)..];
        }

        return new JsonObject(map.Select(static p => KeyValuePair.Create<string, JsonNode?>(p.Key, p.Value)));
    }
}
