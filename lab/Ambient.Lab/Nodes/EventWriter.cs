using System.Text.Json.Nodes;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Lab.Controlling;

namespace Ambient.Lab.Nodes;

/// <summary>Events about pods, as a kubelet writes them. An event that cannot be written is dropped.</summary>
internal sealed class EventWriter(KubeClient client, TimeProvider time, string component)
{
    public async Task WriteAsync(IKubeObject about, string kind, bool warning, string reason, string message, CancellationToken ct)
    {
        var now = KubeTime.Text(time.GetUtcNow());
        var value = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Event",
            ["metadata"] = new JsonObject { ["generateName"] = about.Metadata.Name + ".", ["namespace"] = about.Metadata.Namespace ?? "default" },
            ["involvedObject"] = new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = kind,
                ["name"] = about.Metadata.Name,
                ["namespace"] = about.Metadata.Namespace,
                ["uid"] = about.Metadata.Uid,
            },
            ["reason"] = reason,
            ["message"] = message,
            ["type"] = warning ? "Warning" : "Normal",
            ["count"] = 1,
            ["firstTimestamp"] = now,
            ["lastTimestamp"] = now,
            ["source"] = new JsonObject { ["component"] = "kubelet", ["host"] = component },
            ["reportingComponent"] = "kubelet",
        };
        try
        {
            await client.Resource(new GroupVersionKind("", "v1", "Event")).CreateAsync(value, "kubelet", ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is KubeException or HttpRequestException or OperationCanceledException or IOException)
        {
            // Events are a courtesy.
        }
    }
}
