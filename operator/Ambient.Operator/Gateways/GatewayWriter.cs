using System.Text.Json.Nodes;
using Ambient.Compile.Gateways;
using Ambient.Compile.Provisioning;
using Ambient.Compile.Sources;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;

namespace Ambient.Operator.Gateways;

/// <summary>
/// Brings a Gateway's plan to Kubernetes by server-side apply. What somebody else made is left alone. The number of pods is no part of what
/// is applied: an autoscaler or a person may own it, and dropping an owned field would reset it.
/// </summary>
internal sealed class GatewayWriter(KubeClient client, OwnedObjects owned)
{
    /// <summary>Null when all is there; else what stands in the way.</summary>
    public async Task<ProvisioningProblem?> WriteAsync(ObjectKey gateway, GatewayPlan plan, CancellationToken leading)
    {
        JsonObject? deployment = await FindAsync(OwnedObjects.Deployment, plan.Deployment, leading);
        if ((Foreign(deployment, plan.Deployment)
            ?? Foreign(await FindAsync(OwnedObjects.Service, plan.Service, leading), plan.Service)
            ?? Foreign(await FindAsync(OwnedObjects.Budget, plan.Budget, leading), plan.Budget)
            ?? (plan.Autoscaler is null ? null : Foreign(await FindAsync(OwnedObjects.Autoscaler, plan.Autoscaler, leading), plan.Autoscaler))) is { } foreign)
        {
            return foreign;
        }

        JsonObject? account = await FindAsync(OwnedObjects.ServiceAccount, plan.ServiceAccount, leading);
        if (Foreign(account, plan.ServiceAccount) is null)
        {
            await ApplyAsync(OwnedObjects.ServiceAccount, plan.ServiceAccount, leading);
        }

        await ApplyAsync(OwnedObjects.Service, plan.Service, leading);
        JsonObject applied = await ApplyAsync(OwnedObjects.Deployment, plan.Deployment, leading);
        await ScaleAsync(plan, applied, isNew: deployment is null, leading);
        await ApplyAsync(OwnedObjects.Budget, plan.Budget, leading);
        if (plan.Autoscaler is not null)
        {
            await ApplyAsync(OwnedObjects.Autoscaler, plan.Autoscaler, leading);
        }

        await PruneAsync(gateway, plan, leading);
        return null;
    }

    /// <summary>Deletes what was made for a Gateway and is no part of its plan; all of it when there is none.</summary>
    public async Task PruneAsync(ObjectKey gateway, GatewayPlan? plan, CancellationToken leading)
    {
        HashSet<(string Kind, string Name)> kept = plan is null ? [] :
        [
            .. new[] { plan.ServiceAccount, plan.Service, plan.Deployment, plan.Budget, plan.Autoscaler }.OfType<JsonObject>()
                .Select(static m => ((string)m["kind"]!, ObjectCodec.Dynamic.NameOf(m))),
        ];
        foreach (ObjectKey key in owned.Of(gateway))
        {
            GroupKind kind = OwnedObjects.KindOf(key);
            if (!kept.Contains((kind.Kind, key.Name)))
            {
                try
                {
                    await client.Resource(kind).DeleteAsync(key.Namespace, key.Name, null, leading);
                }
                catch (KubeException e) when (e.IsNotFound)
                {
                    // Gone already.
                }
            }
        }
    }

    private async Task<JsonObject?> FindAsync(GroupKind kind, JsonObject manifest, CancellationToken leading) =>
        await client.Resource(kind).FindAsync(ObjectCodec.Dynamic.NamespaceOf(manifest), ObjectCodec.Dynamic.NameOf(manifest), leading);

    private Task<JsonObject> ApplyAsync(GroupKind kind, JsonObject manifest, CancellationToken leading) =>
        client.Resource(kind).ApplyAsync(manifest, FieldManagers.Gateways, force: true, leading);

    private async Task ScaleAsync(GatewayPlan plan, JsonObject deployment, bool isNew, CancellationToken leading)
    {
        int standing = deployment["spec"]?["replicas"] is JsonValue value && value.TryGetValue(out int number) ? number : 1;
        if ((isNew ? plan.FirstReplicas : plan.Replicas) is not { } wanted || wanted == standing
            || (plan.Replicas is not null && await IsScaledAsync(plan.Deployment, leading)))
        {
            return;
        }

        var patch = Patch.Merge(new JsonObject { ["spec"] = new JsonObject { ["replicas"] = wanted } }, FieldManagers.Replicas);
        await client.Resource(OwnedObjects.Deployment).PatchAsync(
            ObjectCodec.Dynamic.NamespaceOf(deployment), ObjectCodec.Dynamic.NameOf(deployment), patch, leading);
    }

    /// <summary>Somebody's autoscaler looks after the Deployment.</summary>
    private async Task<bool> IsScaledAsync(JsonObject deployment, CancellationToken leading)
    {
        try
        {
            KubeList<JsonObject> all = await client.Resource(OwnedObjects.Autoscaler).ListAsync(ObjectCodec.Dynamic.NamespaceOf(deployment), null, leading);
            return all.Items.Any(a => a["spec"]?["scaleTargetRef"] is JsonObject target
                && Text(target, "kind") == "Deployment" && Text(target, "name") == ObjectCodec.Dynamic.NameOf(deployment));
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            return false;
        }
    }

    private static ProvisioningProblem? Foreign(JsonObject? standing, JsonObject ours) =>
        standing is null || (LabelOf(standing, GatewayPlan.ManagedByLabel) == GatewayPlan.ManagedBy && LabelOf(standing, GatewayPlan.GatewayLabel) == LabelOf(ours, GatewayPlan.GatewayLabel))
            ? null
            : new ProvisioningProblem(
                "NoResources",
                $"{ours["kind"]} {ObjectCodec.Dynamic.NamespaceOf(ours)}/{ObjectCodec.Dynamic.NameOf(ours)} is there and was not made for this Gateway; delete it, or give the Gateway another name");

    private static string LabelOf(JsonObject o, string label) => o["metadata"]?["labels"] is JsonObject labels ? Text(labels, label) : "";

    private static string Text(JsonObject o, string field) => o[field] is JsonValue value && value.TryGetValue(out string? text) ? text : "";
}
