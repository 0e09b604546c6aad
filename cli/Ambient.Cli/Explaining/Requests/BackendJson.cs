using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>Backends with the endpoints that a proxy of one namespace would choose among.</summary>
internal sealed class BackendJson(ExplainedMesh mesh, string proxyNamespace)
{
    public JsonObject Of(WeightedBackend backend, bool alone)
    {
        BackendTarget target = backend.Target;
        TrafficPolicy policy = mesh.PolicyOf(target.Service, proxyNamespace)?.For(target.Port, target.Subset) ?? TrafficPolicy.Default;
        JsonObject json = new()
        {
            ["namespace"] = target.Namespace,
            ["name"] = target.Name,
            ["subset"] = target.Subset,
            ["port"] = target.Port,
            ["weight"] = alone && backend.Weight == 0 ? 1 : backend.Weight,
            ["trafficPolicy"] = TrafficPolicyJson.Of(policy),
            ["endpoints"] = new JsonArray([.. Endpoints(target).Select(e => Of(e, target))]),
        };
        if (backend.Invalid is { } invalid)
        {
            json["invalid"] = new JsonObject { ["status"] = invalid.Status, ["reason"] = invalid.Reason };
        }

        return json;
    }

    /// <summary>The endpoints of a service, of a subset those with all its labels.</summary>
    public ImmutableArray<Workload> Endpoints(BackendTarget target)
    {
        Subset? subset = target.Subset is null ? null : mesh.PolicyOf(target.Service, proxyNamespace)?.SubsetNamed(target.Subset);
        return target.Subset is not null && subset is null ? []
            : [.. mesh.Mesh.EndpointsOf(target.Service).Where(w => subset is null || Carries(mesh.LabelsOf(w), subset.Labels))];
    }

    public static bool Carries(IReadOnlyDictionary<string, string> labels, ImmutableSortedDictionary<string, string> wanted) =>
        wanted.All(l => labels.TryGetValue(l.Key, out string? value) && value == l.Value);

    public static IPEndPoint? AddressOf(Workload workload, BackendTarget target)
    {
        ServicePort mapped = workload.Services.TryGetValue(target.Service, out var ports) ? ports.FirstOrDefault(p => p.Port == target.Port) : default;
        return workload.Addresses.IsEmpty ? null : new IPEndPoint(workload.Addresses[0], mapped.TargetPort > 0 ? mapped.TargetPort : target.Port);
    }

    private static JsonObject Of(Workload workload, BackendTarget target)
    {
        bool healthy = workload.Health == WorkloadHealth.Healthy;
        return new JsonObject
        {
            ["address"] = AddressOf(workload, target)?.ToString() ?? (workload.Hostname.Length > 0 ? string.Create(CultureInfo.InvariantCulture, $"{workload.Hostname}:{target.Port}") : ""),
            ["healthy"] = healthy,
            ["locality"] = string.Join('/', new[] { workload.Locality.Region, workload.Locality.Zone, workload.Locality.Subzone }.Where(p => p.Length > 0)),
            ["why"] = $"{workload.Namespace}/{workload.Name}{(healthy ? " is ready" : " is not ready")}",
        };
    }
}
