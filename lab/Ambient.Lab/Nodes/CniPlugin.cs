using System.Globalization;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Ambient.Lab.Kernel;
using Ambient.Lab.Objects;

namespace Ambient.Lab.Nodes;

/// <summary>
/// Runs the chained plugin <c>ambient-cni</c> for a pod as a container runtime does (CNI 1.0: environment and standard input), once the
/// node has a CNI configuration that names it.
/// </summary>
internal sealed class CniPlugin(string program, string hostDirectory)
{
    public const string ConfigurationFolder = "etc/cni/net.d";
    private const string Type = "ambient-cni";

    /// <summary>The node's configuration names the plugin, and it is built.</summary>
    public bool IsInstalled => Configuration() is not null && File.Exists(program);

    /// <summary>The answer's words when it failed; null when it succeeded.</summary>
    public async Task<string?> RunAsync(string command, LabPod pod, PodNetwork network)
    {
        var request = (JsonObject?)Configuration()?.DeepClone() ?? [];
        request["cniVersion"] = "1.0.0";
        request["name"] = "lab";
        request["prevResult"] = Result(network);
        var environment = Spawner.CurrentEnvironment();
        environment.AddRange(
        [
            $"CNI_COMMAND={command}",
            $"CNI_CONTAINERID={pod.Metadata.Uid}",
            $"CNI_NETNS={network.NetnsPath}",
            "CNI_IFNAME=eth0",
            $"CNI_PATH={Path.GetDirectoryName(program)}",
            $"CNI_ARGS=IgnoreUnknown=1;K8S_POD_NAMESPACE={pod.Metadata.Namespace};K8S_POD_NAME={pod.Metadata.Name};K8S_POD_INFRA_CONTAINER_ID={pod.Metadata.Uid};K8S_POD_UID={pod.Metadata.Uid}",
            $"AMBIENT_CNI_SOCKET={Path.Combine(hostDirectory, "run/ambient/cni.sock")}",
        ]);
        var (status, output, error) = await Tool.TryAsync(null, program, [], request.ToJsonString(), environment).ConfigureAwait(false);
        return status.Code == 0 ? null : Message(output) ?? (error.Trim().Length > 0 ? error.Trim() : $"exit code {status.Code}");
    }

    private JsonObject? Configuration()
    {
        var folder = Path.Combine(hostDirectory, ConfigurationFolder);
        if (!Directory.Exists(folder))
        {
            return null;
        }

        foreach (var file in Directory.EnumerateFiles(folder).Where(f => f.EndsWith(".conflist", StringComparison.Ordinal) || f.EndsWith(".conf", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            try
            {
                var parsed = JsonNode.Parse(File.ReadAllText(file)) as JsonObject;
                var plugins = parsed?["plugins"] as JsonArray ?? [parsed?.DeepClone()];
                if (plugins.OfType<JsonObject>().FirstOrDefault(p => (string?)p["type"] == Type) is { } found)
                {
                    return found;
                }
            }
            catch (Exception e) when (e is System.Text.Json.JsonException or IOException or InvalidOperationException)
            {
                // Being written, or not ours.
            }
        }

        return null;
    }

    private static JsonObject Result(PodNetwork network) => new()
    {
        ["cniVersion"] = "1.0.0",
        ["interfaces"] = new JsonArray(new JsonObject { ["name"] = "eth0", ["sandbox"] = network.NetnsPath }),
        ["ips"] = new JsonArray([.. network.Addresses.Select(a => (JsonNode)new JsonObject
        {
            ["address"] = string.Create(CultureInfo.InvariantCulture, $"{a}/{(a.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32)}"),
            ["interface"] = 0,
        })]),
    };

    private static string? Message(string output)
    {
        try
        {
            var answer = JsonNode.Parse(output);
            return (string?)answer?["msg"] is { } text ? $"{text} {(string?)answer?["details"]}".Trim() : null;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
