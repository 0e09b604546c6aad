using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Ambient.Core.Routes;
using Ambient.Core.Workloads;
using Ambient.Routing.Endpoints;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>Backends with the endpoints that one proxy would choose among, by the plan that proxies make (<see cref="EndpointPlan"/>).</summary>
internal sealed class BackendJson(ExplainedMesh mesh, RequestProxy proxy)
{
    private readonly Dictionary<BackendTarget, EndpointPlan> _plans = [];

    public JsonObject Of(WeightedBackend backend, bool alone)
    {
        BackendTarget target = backend.Target;
        EndpointPlan plan = PlanOf(target);
        int near = plan.Endpoints.Where(Fit).Select(e => e.Place).DefaultIfEmpty(0).Min();
        JsonObject json = new()
        {
            ["namespace"] = target.Namespace,
            ["name"] = target.Name,
            ["subset"] = target.Subset,
            ["port"] = target.Port,
            ["weight"] = alone && backend.Weight == 0 ? 1 : backend.Weight,
            ["trafficPolicy"] = TrafficPolicyJson.Of(PolicyOf(target)),
            ["endpoints"] = new JsonArray([.. plan.Endpoints.Where(e => IsOf(e, target)).Select(e => Of(e, target, plan, near))]),
        };
        if (backend.Invalid is { } invalid)
        {
            json["invalid"] = new JsonObject { ["status"] = invalid.Status, ["reason"] = invalid.Reason };
        }

        return json;
    }

    /// <summary>What the Mesh says of requests of which nothing else does.</summary>
    public MeshRequestDefaults Defaults => mesh.Defaults;

    public TrafficPolicy PolicyOf(BackendTarget target) =>
        mesh.PolicyOf(target.Service, proxy.Namespace)?.For(target.Port, target.Subset) ?? TrafficPolicy.Default;

    /// <summary>Those that a request may go to, nearest first.</summary>
    public ImmutableArray<PlannedEndpoint> Usable(BackendTarget target)
    {
        EndpointPlan plan = PlanOf(target);
        ImmutableArray<PlannedEndpoint> fit = [.. plan.Endpoints.Where(Fit).OrderBy(e => e.Place)];
        return plan.ByShare || fit.IsEmpty ? fit : [.. fit.Where(e => e.Place == fit[0].Place)];
    }

    /// <summary>Why there are none to take.</summary>
    public string WhyNone(BackendTarget target) => mesh.Mesh.ServiceByKey(target.Service) is null ? $"there is no service {target.Service}" : PlanOf(target).WhyNone;

    /// <summary>All endpoints of the service or subset, fit or not.</summary>
    public IEnumerable<Workload> Endpoints(BackendTarget target) => PlanOf(target).Endpoints.Where(e => IsOf(e, target)).Select(e => e.Workload);

    public IPEndPoint? AddressOf(Workload workload, BackendTarget target) =>
        PlanOf(target).Endpoints.FirstOrDefault(e => ReferenceEquals(e.Workload, workload)) is { } planned ? AddressOf(planned) : null;

    public static IPEndPoint? AddressOf(PlannedEndpoint endpoint) =>
        endpoint.Workload.Addresses is [var first, ..] ? new IPEndPoint(first, endpoint.TargetPort) : null;

    private static bool Fit(PlannedEndpoint endpoint) => endpoint is { Place: >= 0, Healthy: true };

    private static JsonObject Of(PlannedEndpoint planned, BackendTarget target, EndpointPlan plan, int near)
    {
        Workload workload = planned.Workload;
        bool fit = Fit(planned);
        string why = planned.Place < 0 ? planned.Why
            : !planned.Healthy ? "is not ready"
            : workload.Health != WorkloadHealth.Healthy ? "is not ready, which the service takes too"
            : plan.Groups.Length <= 1 ? workload.Addresses.IsEmpty ? "is resolved by name" : "is ready"
            : plan.ByShare ? $"is ready, of the share for {planned.Why}"
            : planned.Place == near ? $"is ready, {planned.Why}"
            : $"is ready, {planned.Why}: kept for when nearer ones fail";
        return new JsonObject
        {
            ["address"] = AddressOf(planned)?.ToString()
                ?? (workload.Hostname.Length > 0 ? string.Create(CultureInfo.InvariantCulture, $"{workload.Hostname}:{(planned.TargetPort > 0 ? planned.TargetPort : target.Port)}") : ""),
            ["healthy"] = fit,
            ["locality"] = string.Join('/', new[] { workload.Locality.Region, workload.Locality.Zone, workload.Locality.Subzone }.Where(p => p.Length > 0)),
            ["why"] = $"{workload.Namespace}/{workload.Name} {why}",
        };
    }

    private bool IsOf(PlannedEndpoint planned, BackendTarget target) => SubsetOf(target) is not { } subset
        || subset.Labels.All(l => planned.Workload.Labels.TryGetValue(l.Key, out string? value) && value == l.Value);

    private Subset? SubsetOf(BackendTarget target) => target.Subset is null ? null : mesh.PolicyOf(target.Service, proxy.Namespace)?.SubsetNamed(target.Subset);

    private EndpointPlan PlanOf(BackendTarget target)
    {
        if (!_plans.TryGetValue(target, out EndpointPlan? plan))
        {
            Subset? subset = SubsetOf(target);
            _plans[target] = plan = mesh.Mesh.ServiceByKey(target.Service) is { } service && (target.Subset is null || subset is not null)
                ? EndpointPlan.Of(service, mesh.Mesh.EndpointsOf(target.Service), target.Port, subset, PolicyOf(target), proxy.Workload)
                : EndpointPlan.Empty;
        }

        return plan;
    }
}
