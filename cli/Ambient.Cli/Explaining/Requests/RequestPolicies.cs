using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Compile.RequestPolicies;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Policy.Requests;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>Which policies a waypoint decides by for requests to one endpoint of a service.</summary>
internal static class RequestPolicies
{
    public static RequestPolicySet For(ExplainedMesh mesh, MeshService service, string gateway, Workload? endpoint) => RequestPolicySet.Of(
        mesh.RequestPolicies.Where(p => p.Policy.Targets.Any(t => Applies(mesh, p, t, service, gateway, endpoint))).Select(p => p.Policy));

    public static JsonArray Json(ImmutableArray<RequestVerdict> verdicts) => new([.. verdicts.Select(v => new JsonObject
    {
        ["kind"] = v.Origin.Kind,
        ["namespace"] = v.Origin.Namespace,
        ["name"] = v.Origin.Name,
        ["rule"] = v.RuleIndex < 0 ? null : v.RuleIndex,
        ["action"] = v.Action.ToString().ToUpperInvariant(),
        ["matched"] = v.Matched,
        ["reason"] = v.Reason,
        ["decided"] = v.Decided,
        ["dryRun"] = v.DryRun,
    })]);

    private static bool Applies(
        ExplainedMesh mesh, SelectedRequestPolicy policy, RequestPolicyTarget target, MeshService service, string gateway, Workload? endpoint) => target.Kind switch
        {
            RequestPolicyTargetKind.Mesh => true,
            RequestPolicyTargetKind.Namespace => target.Key == (endpoint?.Namespace ?? service.Namespace),
            RequestPolicyTargetKind.Gateway => target.Key == gateway,
            RequestPolicyTargetKind.Service => target.Key == service.Key,
            _ => endpoint is not null
                && (policy.Policy.Name.Namespace == endpoint.Namespace || policy.Policy.Name.Namespace is Core.MeshDefaults.SystemNamespace or Core.MeshDefaults.IstioSystemNamespace)
                && BackendJson.Carries(mesh.LabelsOf(endpoint), policy.Selector),
        };
}
