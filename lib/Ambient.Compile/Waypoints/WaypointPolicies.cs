using Ambient.Compile.Index;
using Ambient.Compile.Sources;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Core.Policies;

namespace Ambient.Compile.Waypoints;

/// <summary>
/// What stands at a workload behind a waypoint instead of the ALLOW policies: these are decided once, at the waypoint, and the workload's
/// own proxy takes connections only from there.
/// </summary>
internal static class WaypointPolicies
{
    public const string OnlyFrom = PolicyOrigin.OnlyFromPrefix;

    /// <summary>A waypoint runs under the service account that has its Gateway's name.</summary>
    public static UnitOutput Compile(MeshIndex index, GatewaySource gateway) => new()
    {
        Policies = index.WaypointUsers[gateway.Meta.Key].Count == 0 ? [] :
        [
            new AuthorizationPolicy
            {
                Name = new NamespacedName(gateway.Meta.Namespace, OnlyFrom + gateway.Meta.Name),
                Scope = PolicyScope.WorkloadSelector,
                Action = PolicyAction.Allow,
                Rules = [new PolicyRule([new PolicyClause([new PolicyMatch { Principals = [Identity(index, gateway)] }])])],
                Origin = new PolicyOrigin(gateway.Meta.Kind, gateway.Meta.Namespace, gateway.Meta.Name),
            },
        ],
    };

    private static StringMatch Identity(MeshIndex index, GatewaySource gateway) => new(
        StringMatchKind.Exact, new SpiffeId(index.Settings.TrustDomain, gateway.Meta.Namespace, gateway.Meta.Name).Principal);
}
