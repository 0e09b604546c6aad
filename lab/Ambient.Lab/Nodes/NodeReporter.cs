using System.Globalization;
using System.Text.Json.Nodes;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Lab.Controlling;

namespace Ambient.Lab.Nodes;

/// <summary>Registers a node as Ready, and renews its Lease in kube-node-lease.</summary>
internal sealed class NodeReporter(NodeContext node)
{
    private const int LeaseSeconds = 40;
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(10);

    public async Task RegisterAsync(CancellationToken ct)
    {
        var now = KubeTime.Text(node.Time.GetUtcNow());
        var nodes = node.Cluster.Client.Resource(new GroupVersionKind("", "v1", "Node"));
        await nodes.CreateAsync(Describe(), "kubelet", ct).ConfigureAwait(false);
        await nodes.PatchStatusAsync(null, node.Name, Patch.Merge(new JsonObject { ["status"] = Status(now) }, "kubelet"), ct).ConfigureAwait(false);
    }

    public async Task RunAsync(CancellationToken ct)
    {
        var leases = node.Cluster.Client.Resource(new GroupVersionKind("coordination.k8s.io", "v1", "Lease"));
        var created = false;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                var lease = Lease();
                if (created)
                {
                    var renewal = new JsonObject { ["spec"] = lease["spec"]!.DeepClone() };
                    await leases.PatchAsync("kube-node-lease", node.Name, Patch.Merge(renewal, "kubelet"), ct).ConfigureAwait(false);
                }
                else
                {
                    await leases.CreateAsync(lease, "kubelet", ct).ConfigureAwait(false);
                    created = true;
                }
            }
            catch (Exception e) when (e is KubeException or HttpRequestException or OperationCanceledException or IOException)
            {
                // The next renewal is soon.
            }

            await Task.Delay(Renewal, node.Time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private JsonObject Describe() => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Node",
        ["metadata"] = new JsonObject
        {
            ["name"] = node.Name,
            ["labels"] = new JsonObject
            {
                ["kubernetes.io/hostname"] = node.Name,
                ["kubernetes.io/os"] = "linux",
                ["kubernetes.io/arch"] = System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64",
                ["topology.kubernetes.io/region"] = "lab",
                ["topology.kubernetes.io/zone"] = string.Create(CultureInfo.InvariantCulture, $"lab-{node.Number}"),
            },
        },
        ["spec"] = new JsonObject
        {
            ["podCIDR"] = node.Network.Plan.PodCidrs(node.Number)[0],
            ["podCIDRs"] = new JsonArray([.. node.Network.Plan.PodCidrs(node.Number).Select(c => (JsonNode)c)]),
        },
    };

    private JsonObject Status(string now) => new()
    {
        ["addresses"] = new JsonArray(
            [.. node.NodeAddresses.Select(a => (JsonNode)new JsonObject { ["type"] = "InternalIP", ["address"] = a.ToString() }),
             new JsonObject { ["type"] = "Hostname", ["address"] = node.Name }]),
        ["capacity"] = new JsonObject { ["pods"] = "250", ["cpu"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture), ["memory"] = "8Gi" },
        ["allocatable"] = new JsonObject { ["pods"] = "250", ["cpu"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture), ["memory"] = "8Gi" },
        ["conditions"] = new JsonArray(Condition("MemoryPressure", "False", now), Condition("DiskPressure", "False", now), Condition("PIDPressure", "False", now), Condition("Ready", "True", now)),
        ["nodeInfo"] = new JsonObject
        {
            ["kubeletVersion"] = "v1.32.4-lab",
            ["kubeProxyVersion"] = "v1.32.4-lab",
            ["containerRuntimeVersion"] = "lab://1",
            ["osImage"] = "Ambient lab",
            ["operatingSystem"] = "linux",
            ["architecture"] = "amd64",
            ["kernelVersion"] = Environment.OSVersion.Version.ToString(),
            ["machineID"] = node.Name,
            ["systemUUID"] = node.Name,
            ["bootID"] = node.Name,
        },
    };

    private JsonObject Lease() => new()
    {
        ["apiVersion"] = "coordination.k8s.io/v1",
        ["kind"] = "Lease",
        ["metadata"] = new JsonObject { ["name"] = node.Name, ["namespace"] = "kube-node-lease" },
        ["spec"] = new JsonObject
        {
            ["holderIdentity"] = node.Name,
            ["leaseDurationSeconds"] = LeaseSeconds,
            ["renewTime"] = node.Time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
        },
    };

    private static JsonObject Condition(string type, string status, string now) => new()
    {
        ["type"] = type,
        ["status"] = status,
        ["reason"] = type == "Ready" ? "KubeletReady" : "KubeletHasSufficient" + type.Replace("Pressure", "", StringComparison.Ordinal),
        ["message"] = type == "Ready" ? "the lab's node agent is posting ready status" : "",
        ["lastHeartbeatTime"] = now,
        ["lastTransitionTime"] = now,
    };
}
