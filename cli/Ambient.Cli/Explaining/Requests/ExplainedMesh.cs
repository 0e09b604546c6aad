using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Compile;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Core;
using Ambient.Core.Gateways;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Policies.Tokens;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Routing.Matching;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>A mesh made ready once for many questions: what was compiled, and of the objects what proxies learn elsewhere (labels, Gateways).</summary>
internal sealed class ExplainedMesh
{
    private readonly CompileResult _compiled;
    private readonly FrozenDictionary<ObjectKey, JsonObject> _objects;
    private readonly ILookup<string, BackendPolicy> _policies;

    /// <param name="offline">From files, which seldom hold Secrets: certificates that are not among them are taken to be there.</param>
    public ExplainedMesh(ImmutableArray<JsonObject> objects, CompileResult compiled, bool offline = false)
    {
        Mesh = MeshSnapshot.Empty.With(compiled.ToUpdate());
        Routes = RouteIndex.Of(compiled.Tables);
        RequestPolicies = compiled.RequestPolicies;
        _policies = compiled.BackendPolicies.ToLookup(p => p.Service, StringComparer.Ordinal);
        _compiled = compiled;
        IsOffline = offline;
        _objects = objects.Select(o => (Key: ObjectKey.Of(o), o)).Where(o => o.Key is not null)
            .GroupBy(o => o.Key!.Value).ToFrozenDictionary(g => g.Key, g => g.Last().o);
    }

    public bool IsOffline { get; }

    public ImmutableArray<Finding> Findings => _compiled.Findings;

    public MeshSnapshot Mesh { get; }

    /// <summary>What the Mesh says of requests and connections of which nothing else does.</summary>
    public MeshRequestDefaults Defaults => Mesh.Find<MeshRequestDefaults>(MeshRequestDefaults.TheKey) ?? MeshRequestDefaults.None;

    public RouteIndex Routes { get; }

    public ImmutableArray<RequestPolicy> RequestPolicies { get; }

    /// <summary>A service itself as a backend, by the name that its author knows: a ServiceEntry's is its host.</summary>
    public BackendTarget Itself(MeshService service, int port) => new(
        service.Key, service.Namespace,
        service.Hostname == $"{service.Name}.{service.Namespace}.svc.{Mesh.Settings.ClusterDomain}" ? service.Name : service.Hostname, port);

    public ImmutableArray<TokenPolicy> TokenPolicies => _compiled.TokenPolicies;

    /// <summary>The policy by which proxies of a namespace treat a service.</summary>
    public BackendPolicy? PolicyOf(string service, string proxyNamespace) =>
        _policies[service].FirstOrDefault(p => p.ClientNamespace == proxyNamespace) ?? _policies[service].FirstOrDefault(p => p.ClientNamespace is null);

    /// <summary>What a Gateway of either API listens to. One that runs comes before one that is only declared.</summary>
    public GatewayConfig GatewayNamed(string text)
    {
        GatewayConfig[] known = [.. _compiled.Gateways, .. _compiled.DeclaredGateways];
        return NamespacedName.TryParse(text, out NamespacedName name) && known.FirstOrDefault(g => g.Name == name && !g.Listeners.IsEmpty) is { } found
            ? found
            : throw CliException.Usage(
                $"there is no Gateway {text}", "--via",
                known.Length == 0 ? "none is declared" : $"Gateways are: {string.Join(", ", known.Select(g => g.Name.ToString()).Distinct().Order(StringComparer.Ordinal).Take(10))}",
                "name one as NAMESPACE/NAME");
    }

    /// <summary>A pod that runs a gateway: by its name, or as the selector of an Istio Gateway chooses; null: none is known.</summary>
    public Workload? PodOf(GatewayConfig gateway)
    {
        if (Mesh.Workloads.Where(w => w.Namespace == gateway.Name.Namespace && w.Labels.GetValueOrDefault("gateway.networking.k8s.io/gateway-name") == gateway.Name.Name)
            .MinBy(w => w.Uid, StringComparer.Ordinal) is { } own)
        {
            return own;
        }

        return _objects.TryGetValue(new ObjectKey(KnownKinds.IstioGateway, gateway.Name.Namespace, gateway.Name.Name), out JsonObject? declared)
            && (declared["spec"] as JsonObject)?["selector"] is JsonObject { Count: > 0 } selector
            ? Mesh.Workloads.Where(w => selector.All(l => w.Labels.TryGetValue(l.Key, out string? value) && value == l.Value?.ToString())).MinBy(w => w.Uid, StringComparer.Ordinal)
            : null;
    }

    /// <summary>The Gateway that a pod implements.</summary>
    public static NamespacedName GatewayOf(Workload pod) => new(
        pod.Namespace, pod.Labels.TryGetValue("gateway.networking.k8s.io/gateway-name", out string? name) ? name : pod.ServiceAccount);

    /// <summary>What the Gateway behind a service's waypoint says of itself, when it says no; null otherwise.</summary>
    public string? WhyNotReady(MeshService service)
    {
        GatewayAddress address = service.Waypoint!;
        ObjectKey? found = _objects.Keys.Where(k => k.Kind == KnownKinds.Gateway).Order().Cast<ObjectKey?>().FirstOrDefault(k => Is(k!.Value, address));
        if (found is not { } gateway)
        {
            return "no such Gateway is declared";
        }

        JsonNode? bad = (_objects[gateway]["status"]?["conditions"] as JsonArray)?.FirstOrDefault(c =>
            c?["type"]?.ToString() is "Programmed" or "Accepted" && c["status"]?.ToString() == "False");
        return bad is null ? null : $"Gateway {gateway.Namespace}/{gateway.Name} says: {bad["message"] ?? bad["reason"]}";
    }

    private bool Is(ObjectKey gateway, GatewayAddress address) => address.Hostname is { } host
        ? host.Namespace == gateway.Namespace && (host.Name == $"{gateway.Name}.{gateway.Namespace}.svc.{Mesh.Settings.ClusterDomain}" || Addresses(gateway).Contains(host.Name))
        : Addresses(gateway).Contains(address.Address!.Value.Address.ToString());

    private IEnumerable<string> Addresses(ObjectKey gateway) =>
        (_objects[gateway]["status"]?["addresses"] as JsonArray ?? []).Select(a => a?["value"]?.ToString() ?? "");
}
