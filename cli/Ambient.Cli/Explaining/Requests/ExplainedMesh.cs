using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Compile;
using Ambient.Compile.Sources;
using Ambient.Core;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Routing.Matching;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>A mesh made ready once for many questions: what was compiled, and of the objects what proxies learn elsewhere (labels, Gateways).</summary>
internal sealed class ExplainedMesh
{
    private readonly FrozenDictionary<ObjectKey, JsonObject> _objects;
    private readonly ILookup<string, BackendPolicy> _policies;

    public ExplainedMesh(ImmutableArray<JsonObject> objects, CompileResult compiled)
    {
        Mesh = MeshSnapshot.Empty.With(compiled.ToUpdate());
        Routes = RouteIndex.Of(compiled.Tables);
        RequestPolicies = compiled.RequestPolicies;
        _policies = compiled.BackendPolicies.ToLookup(p => p.Service, StringComparer.Ordinal);
        _objects = objects.Select(o => (Key: ObjectKey.Of(o), o)).Where(o => o.Key is not null)
            .GroupBy(o => o.Key!.Value).ToFrozenDictionary(g => g.Key, g => g.Last().o);
    }

    public MeshSnapshot Mesh { get; }

    public RouteIndex Routes { get; }

    public ImmutableArray<RequestPolicy> RequestPolicies { get; }

    /// <summary>Labels of a workload's pod; empty when nothing is known of it.</summary>
    public IReadOnlyDictionary<string, string> LabelsOf(Workload workload)
    {
        JsonNode? metadata = Find(KnownKinds.Pod, workload.Namespace, workload.Name)?["metadata"]
            ?? Find(KnownKinds.WorkloadEntry, workload.Namespace, workload.Name)?["metadata"];
        return metadata?["labels"] is JsonObject labels
            ? labels.ToDictionary(l => l.Key, l => l.Value?.ToString() ?? "", StringComparer.Ordinal)
            : ImmutableDictionary<string, string>.Empty;
    }

    /// <summary>The policy by which proxies of a namespace treat a service.</summary>
    public BackendPolicy? PolicyOf(string service, string proxyNamespace) =>
        _policies[service].FirstOrDefault(p => p.ClientNamespace == proxyNamespace) ?? _policies[service].FirstOrDefault(p => p.ClientNamespace is null);

    /// <summary>The Gateway behind a service's waypoint, and why it cannot be used; a Gateway that says nothing of itself counts as ready.</summary>
    public (ObjectKey Gateway, string? Problem) WaypointOf(MeshService service)
    {
        GatewayAddress address = service.Waypoint!;
        ObjectKey? found = _objects.Keys.Where(k => k.Kind == KnownKinds.Gateway).Order().Cast<ObjectKey?>().FirstOrDefault(k => Is(k!.Value, address));
        if (found is not { } gateway)
        {
            string name = address.Hostname is { } host ? $"{host.Namespace}/{host.Name.Split('.')[0]}" : address.ToString();
            return (new ObjectKey(KnownKinds.Gateway, "", name), $"the service is bound to the waypoint {name}, which does not exist");
        }

        JsonNode? bad = (_objects[gateway]["status"]?["conditions"] as JsonArray)?.FirstOrDefault(c =>
            c?["type"]?.ToString() is "Programmed" or "Accepted" && c["status"]?.ToString() == "False");
        return (gateway, bad is null ? null : $"the waypoint {gateway.Namespace}/{gateway.Name} is not ready: {bad["message"] ?? bad["reason"]}");
    }

    private JsonObject? Find(string kind, string ns, string name) => _objects.GetValueOrDefault(new ObjectKey(kind, ns, name));

    private bool Is(ObjectKey gateway, GatewayAddress address) => address.Hostname is { } host
        ? host.Namespace == gateway.Namespace && (host.Name == $"{gateway.Name}.{gateway.Namespace}.svc.{Mesh.Settings.ClusterDomain}" || Addresses(gateway).Contains(host.Name))
        : Addresses(gateway).Contains(address.Address!.Value.Address.ToString());

    private IEnumerable<string> Addresses(ObjectKey gateway) =>
        (_objects[gateway]["status"]?["addresses"] as JsonArray ?? []).Select(a => a?["value"]?.ToString() ?? "");
}
