using System.Text.Json.Nodes;
using Ambient.Compile.Index;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Routes.OwnPolicies;

/// <summary>RateLimitPolicies and BackendPolicies into the index; what they are for, before and now, is made anew.</summary>
internal sealed class OwnPolicyIntake(MeshIndex index, DirtySet dirty)
{
    /// <summary>False for a kind that is none of these.</summary>
    public bool Take(ObjectKey key, JsonObject? manifest)
    {
        if (key.Kind is not (RouteKind.RateLimitPolicy or RouteKind.BackendPolicy))
        {
            return false;
        }

        var old = index.Routing.OwnPolicies.Find(key);
        var now = manifest is null ? null : OwnPolicyReader.Read(manifest, SourceMeta.Read(new JsonView(manifest, ""), key), old);
        index.Routing.OwnPolicies.Set(key, now);
        foreach (var target in old?.Targets ?? [])
        {
            index.Routing.OwnPoliciesAt.Remove(target, key);
            index.PoliciesAt.Remove(target, key);
        }

        foreach (var target in now?.Targets ?? [])
        {
            index.Routing.OwnPoliciesAt.Add(target, key);
            index.PoliciesAt.Add(target, key);
        }

        dirty.Add(key);
        foreach (var target in (old?.Targets ?? []).Concat(now?.Targets ?? []).Distinct())
        {
            Changed(target);
        }

        return true;
    }

    private void Changed(ObjectKey target)
    {
        // Others at the same target: which of them counts may have changed.
        dirty.Add(index.Routing.OwnPoliciesAt[target]);
        dirty.Add(target);
        dirty.Add(index.Routing.Units.Of(target));
        foreach (string host in OwnPolicyTargets.HostsOf(index, target))
        {
            dirty.Add(RouteUnits.OfHost(host));
            dirty.Add(index.Routing.Units.Of(RouteUnits.OfHost(host)));
        }
    }
}
