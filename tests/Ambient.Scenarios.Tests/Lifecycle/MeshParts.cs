using System.Text.Json.Nodes;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Lifecycle;

/// <summary>Takes parts of the mesh away and brings them back, as an administrator or a fault does.</summary>
internal sealed class MeshParts(LabCluster lab, Ztunnels ztunnels)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>All replicas of the operator go, or one comes back.</summary>
    public async Task OperatorAsync(bool present)
    {
        await lab.Admin.Resource(new GroupKind("apps", "Deployment")).PatchAsync(
            Ztunnels.Namespace, "ambient-operator", Patch.Merge(new JsonObject { ["spec"] = new JsonObject { ["replicas"] = present ? 1 : 0 } }));
        if (present)
        {
            await lab.WaitReadyAsync(Ztunnels.Namespace, "app=ambient-operator", 1, Patience);
            await Until.TrueAsync(
                async () => (await Task.WhenAll(lab.Nodes.Select(n => ztunnels.DumpAsync(n.Name)))).All(d => (bool?)d?["config"]?["connected"] == true),
                "the ztunnels follow the operator again", Patience);
        }
        else
        {
            await Until.TrueAsync(
                async () => (await lab.Admin.Resource<Pod>().ListAsync(Ztunnels.Namespace, new ListOptions { LabelSelector = "app=ambient-operator" })).Items.Count == 0,
                "the operator is gone", Patience);
        }
    }

    /// <summary>SIGKILL to a node's ztunnel; returns when another process serves in its place.</summary>
    public async Task KillZtunnelAsync(string node)
    {
        string pod = (await ztunnels.PodOnAsync(node)).Metadata.Name;
        int? before = lab.ProcessId(Ztunnels.Namespace, pod);
        await lab.SignalAsync(Ztunnels.Namespace, pod, 9);
        await Until.TrueAsync(() => lab.ProcessId(Ztunnels.Namespace, pod) is { } now && now != before, $"the ztunnel of {node} is started again");
        await ztunnels.ReadyAsync(node);
    }
}
