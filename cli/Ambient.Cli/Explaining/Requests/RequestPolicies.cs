using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Policy.Requests;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>Which policies a waypoint decides by for requests to one endpoint of a service.</summary>
internal static class RequestPolicies
{
    public static RequestPolicySet For(ExplainedMesh mesh, MeshService? service, string gateway, Workload? endpoint) => RequestPolicySet.Of(
        mesh.RequestPolicies.Where(p => p.Targets.Any(t => Applies(p, t, service, gateway, endpoint))));

    /// <summary>Those that mean a gateway itself: by its name, its pods' labels, its namespace, or everything.</summary>
    public static RequestPolicySet AtGateway(ExplainedMesh mesh, RequestProxy proxy) => RequestPolicySet.Of(mesh.RequestPolicies.Where(p => p.Targets.Any(t => t.Kind switch
    {
        RequestPolicyTargetKind.Gateway => t.Key == proxy.Gateway.ToString(),
        RequestPolicyTargetKind.Selected => proxy.Workload is { } pod && Applies(p, t, null, "", pod),
        RequestPolicyTargetKind.Namespace => t.Key == (proxy.Workload?.Namespace ?? proxy.Namespace),
        RequestPolicyTargetKind.Mesh => true,
        _ => false,
    })));

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
        RequestPolicy policy, RequestPolicyTarget target, MeshService? service, string gateway, Workload? endpoint) => target.Kind switch
        {
            RequestPolicyTargetKind.Mesh => true,
            RequestPolicyTargetKind.Namespace => target.Key == (endpoint?.Namespace ?? service?.Namespace),
            RequestPolicyTargetKind.Gateway => target.Key == gateway,
            RequestPolicyTargetKind.Service => target.Key == service?.Key,
            _ => endpoint is not null
                && (target.Key.Length == 0 || target.Key == endpoint.Namespace)
                && policy.Selector.All(l => endpoint.Labels.TryGetValue(l.Key, out string? value) && value == l.Value),
        };
}
