using System.Text.Json.Nodes;
using Ambient.Compile.Index;
using Ambient.Compile.Sources;
using Ambient.Compile.Waypoints;

namespace Ambient.Compile.Tokens;

/// <summary>RequestAuthentications into the index.</summary>
internal sealed class TokenIntake(MeshIndex index, DirtySet dirty)
{
    public void Take(ObjectKey key, JsonObject? manifest)
    {
        var old = index.Tokens.Find(key);
        var now = manifest is null ? null : TokenPolicyReader.Read(manifest, SourceMeta.Read(new JsonView(manifest, ""), key), old);
        index.Tokens.Set(key, now);
        bool targets = now is { HasTargets: true };
        index.TokenSelectors.Set(key, targets ? null : now, now?.Selector);
        foreach (var target in old?.Targets ?? [])
        {
            index.PoliciesAt.Remove(target, key);
        }

        foreach (var target in now?.Targets ?? [])
        {
            index.PoliciesAt.Add(target, key);
        }

        WaypointPolicyChange.Of(index, dirty, (old?.Targets ?? []).Concat(now?.Targets ?? []));
        if (targets)
        {
            index.TargetedTokens.Add(key.Namespace, key);
        }
        else
        {
            index.TargetedTokens.Remove(key.Namespace, key);
        }

        index.Classes.Forget(key.Namespace);
        dirty.Add(key);
        // A workload behind a waypoint that checks tokens takes connections only from there.
        foreach (var version in new[] { old, now })
        {
            if (version is not null)
            {
                dirty.AddLists(index.Labels.Selected(index.Options.IsRoot(key.Namespace) ? "" : key.Namespace, version.HasTargets ? null : version.Selector));
            }
        }
    }
}
