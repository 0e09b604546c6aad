using Ambient.Compile.Index;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Waypoints;

/// <summary>A policy at waypoints came, went or changed: those behind take connections only from a waypoint that has policies of its own, in whatever namespace they are.</summary>
internal static class WaypointPolicyChange
{
    /// <param name="targets">Of the policy, before and now.</param>
    public static void Of(MeshIndex index, DirtySet dirty, IEnumerable<ObjectKey> targets)
    {
        foreach (var user in targets.Distinct().SelectMany(t => GatewaysOf(index, t)).Distinct().SelectMany(g => index.BehindWaypoint[g]).ToList())
        {
            index.Classes.Forget(user.Namespace);
            dirty.AddLists([user]);
        }
    }

    private static IEnumerable<ObjectKey> GatewaysOf(MeshIndex index, ObjectKey target) => target.Kind switch
    {
        KnownKinds.Gateway => [target],
        KnownKinds.GatewayClass => index.Gateways.All.Where(g => g.Class == target.Name).Select(static g => g.Meta.Key),
        _ => [],
    };
}
