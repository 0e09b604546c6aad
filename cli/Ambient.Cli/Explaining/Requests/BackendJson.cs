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
        JsonObject json = new()
        {
            ["namespace"] = target.Namespace,
            ["name"] = target.Name,
            ["subset"] = target.Subset,
            ["port"] = target.Port,
            ["weight"] = alone && backend.Weight == 0 ? 1 : backend.Weight,
            ["trafficPolicy"] = TrafficPolicyJson.Of(PolicyOf(target)),
            ["endpoints"] = new JsonArray([.. Endpoints(target).Select(e => Of(e, target))]),
        };
        if (backend.Invalid is { } invalid)
        {
            json["invalid"] = new JsonObject { ["status"] = invalid.Status, ["reason"] = invalid.Reason };
        }

        return json;
    }

    public TrafficPolicy PolicyOf(BackendTarget target) =>
        mesh.PolicyOf(target.Service, proxyNamespace)?.For(target.Port, target.Subset) ?? TrafficPolicy.Default;

    /// <summary>The endpoints of a service, of a subset those with all its labels.</summary>
    public ImmutableArray<Workload> Endpoints(BackendTarget target)
    {
        Subset? subset = target.Subset is null ? null : mesh.PolicyOf(target.Service, proxyNamespace)?.SubsetNamed(target.Subset);
        return target.Subset is not null && subset is null ? []
            : [.. mesh.Mesh.EndpointSetOf(target.Service).All.Where(w => subset is null || Carries(w.Labels, subset.Labels))];
    }

    /// <summary>Those that a request may go to.</summary>
    public ImmutableArray<Workload> Usable(BackendTarget target) => [.. Endpoints(target).Where(e => Standing(e, target).Usable)];

    public static bool Carries(IReadOnlyDictionary<string, string> labels, ImmutableSortedDictionary<string, string> wanted) =>
        wanted.All(l => labels.TryGetValue(l.Key, out string? value) && value == l.Value);

    public IPEndPoint? AddressOf(Workload workload, BackendTarget target) =>
        workload.Addresses.IsEmpty ? null : new IPEndPoint(workload.Addresses[0], TargetPort(workload, target) ?? target.Port);

    private JsonObject Of(Workload workload, BackendTarget target)
    {
        var (usable, why) = Standing(workload, target);
        return new JsonObject
        {
            ["address"] = AddressOf(workload, target)?.ToString()
                ?? (workload.Hostname.Length > 0 ? string.Create(CultureInfo.InvariantCulture, $"{workload.Hostname}:{TargetPort(workload, target) ?? target.Port}") : ""),
            ["healthy"] = usable,
            ["locality"] = string.Join('/', new[] { workload.Locality.Region, workload.Locality.Zone, workload.Locality.Subzone }.Where(p => p.Length > 0)),
            ["why"] = $"{workload.Namespace}/{workload.Name} {why}",
        };
    }

    private (bool Usable, string Why) Standing(Workload workload, BackendTarget target)
    {
        bool takesAll = mesh.ServiceOf(target.Service)?.Balancing.AllowUnhealthy == true;
        return TargetPort(workload, target) is null ? (false, $"does not serve port {target.Port}")
            : workload.Addresses.IsEmpty && workload.Hostname.Length == 0 ? (false, "has no address")
            : workload.Capacity == 0 ? (false, "has weight 0")
            : workload.Health == WorkloadHealth.Healthy ? (true, workload.Hostname.Length > 0 ? "is resolved by name" : "is ready")
            : takesAll ? (true, "is not ready, which the service takes too")
            : (false, "is not ready");
    }

    private int? TargetPort(Workload workload, BackendTarget target) =>
        mesh.ServiceOf(target.Service) is { } service && workload.Services.TryGetValue(target.Service, out ImmutableArray<ServicePort> ports)
            ? ServicePorts.TargetOf(service, ports, target.Port)
            : null;
}
