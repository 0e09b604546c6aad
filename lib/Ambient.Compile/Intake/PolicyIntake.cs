using System.Text.Json.Nodes;
using Ambient.Compile.Authorization;
using Ambient.Compile.Index;
using Ambient.Compile.PeerAuthentication;
using Ambient.Compile.Sources;
using Ambient.Compile.Waypoints;

namespace Ambient.Compile.Intake;

/// <summary>Security resources into the index. Those that a policy meant before and those that it means now are both touched.</summary>
internal sealed class PolicyIntake(MeshIndex index, DirtySet dirty)
{
    public void Authorization(ObjectKey key, JsonObject? manifest, SourceMeta? meta)
    {
        var old = index.Authorizations.Find(key);
        var policy = manifest is null ? null : AuthorizationReader.Read(manifest, meta!, old);
        index.Authorizations.Set(key, policy);
        Targeting(key, old, policy);
        index.Classes.Forget(key.Namespace);
        dirty.Add(key);
        if (SameReach(old, policy))
        {
            return;
        }

        foreach (var version in new[] { old, policy })
        {
            if (version is not null)
            {
                dirty.AddLists(index.Labels.Selected(ReachOf(key), version.Selector));
            }
        }
    }

    private void Targeting(ObjectKey key, AuthorizationSource? old, AuthorizationSource? policy)
    {
        foreach (var target in old is null ? [] : PolicyTargets.KeysOf(old))
        {
            index.PoliciesAt.Remove(target, key);
        }

        foreach (var target in policy is null ? [] : PolicyTargets.KeysOf(policy))
        {
            index.PoliciesAt.Add(target, key);
        }

        WaypointPolicyChange.Of(index, dirty, new[] { old, policy }.OfType<AuthorizationSource>().SelectMany(PolicyTargets.KeysOf));
        bool targets = policy is { HasTargets: true };
        index.AuthorizationSelectors.Set(key, targets ? null : policy, policy?.Selector);
        if (targets)
        {
            index.Targeted.Add(key.Namespace, key);
        }
        else
        {
            index.Targeted.Remove(key.Namespace, key);
        }
    }

    /// <summary>Other rules for the same workloads: no workload lists anything else because of that.</summary>
    private static bool SameReach(AuthorizationSource? old, AuthorizationSource? @new) =>
        old is { HasTargets: false } && @new is { HasTargets: false }
        && old.Spec is null == @new.Spec is null
        && old.IsAudit == @new.IsAudit
        && old.ReachesBehindWaypoint == @new.ReachesBehindWaypoint
        && old.Selector.SameAs(@new.Selector);

    public void Peer(ObjectKey key, JsonObject? manifest, SourceMeta? meta)
    {
        var old = index.Peers.Find(key);
        var peer = manifest is null ? null : PeerReader.Read(manifest, meta!, old);
        index.Peers.Set(key, peer);
        index.PeerSelectors.Set(key, peer, peer?.Selector);
        index.Classes.Forget(key.Namespace);
        dirty.Add(key);
        foreach (var version in new[] { old, peer })
        {
            if (version is null)
            {
                continue;
            }

            dirty.AddLists(index.Labels.Selected(ReachOf(key), version.Selector));
            if (version.Selector is null)
            {
                Rivals(key);
            }
        }
    }

    /// <summary>Others that speak for the same namespace, or for the mesh: which of them is the oldest may have changed.</summary>
    private void Rivals(ObjectKey key)
    {
        foreach (string ns in index.Options.IsRoot(key.Namespace) ? index.Options.RootNamespaces : [key.Namespace])
        {
            dirty.Add(index.PeerSelectors.WithoutSelector(ns).Select(static p => p.Meta.Key));
        }
    }

    /// <summary>The namespace whose workloads a policy can mean; empty for all.</summary>
    private string ReachOf(ObjectKey key) => index.Options.IsRoot(key.Namespace) ? "" : key.Namespace;
}
