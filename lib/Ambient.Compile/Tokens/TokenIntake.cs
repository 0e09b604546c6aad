using System.Text.Json.Nodes;
using Ambient.Compile.Index;
using Ambient.Compile.Sources;

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

        // As for AuthorizationPolicy: behind a waypoint that has policies of its own, in whatever namespace.
        foreach (var user in new[] { old, now }.OfType<TokenSource>().SelectMany(static t => t.Targets).Distinct().Where(static k => k.Kind == KnownKinds.Gateway)
            .SelectMany(k => index.WaypointUsers[k]).Where(static u => u.Kind is KnownKinds.Pod or KnownKinds.WorkloadEntry).ToList())
        {
            index.Classes.Forget(user.Namespace);
            dirty.AddLists([user]);
        }

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
