using System.Text.Json.Nodes;

namespace Ambient.Cni;

/// <summary>
/// A chained CNI plugin that changes nothing in the network: it tells the node's ztunnel of the pod and waits until the pod is captured, or known not
/// to be. The answer on standard output is the previous plugin's own.
/// </summary>
internal static class Plugin
{
    private const string Latest = "1.1.0";
    private static readonly string[] s_versions = ["0.3.0", "0.3.1", "0.4.0", "1.0.0", Latest];
    private static readonly TimeSpan s_shortly = TimeSpan.FromSeconds(2);

    internal static async Task<PluginResult> RunAsync(string command, string input, Func<string, string?> variable, TimeProvider time)
    {
        string version = Latest;
        try
        {
            NetworkConfig config = NetworkConfig.Parse(command == "VERSION" && input.Length == 0 ? "{}" : input, variable);
            version = config.Version;
            if (command == "VERSION")
            {
                return Versions(version);
            }

            if (!s_versions.Contains(version))
            {
                return CniError.Of(Latest, CniError.Incompatible, $"cniVersion {version} is not supported, only {string.Join(", ", s_versions)}");
            }

            return command switch
            {
                "ADD" => await AddAsync(config, variable, time),
                "DEL" => await DeleteAsync(config, variable, time),
                "CHECK" => await CheckAsync(config, variable, time),
                "STATUS" => await StatusAsync(config, time),

                // ztunnel notices by itself which network namespaces have gone; nothing is kept here.
                "GC" => new PluginResult(0, ""),
                _ => CniError.Of(version, CniError.InvalidEnvironment, $"CNI_COMMAND is '{command}'"),
            };
        }
        catch (FormatException e)
        {
            return CniError.Of(version, CniError.Undecodable, e.Message);
        }
        catch (IOException e)
        {
            return CniError.Of(version, CniError.TryAgain, "the node's ztunnel does not answer", e.Message);
        }
    }

    private static async Task<PluginResult> AddAsync(NetworkConfig config, Func<string, string?> variable, TimeProvider time)
    {
        if (config.PreviousResult is null)
        {
            return CniError.Of(config.Version, CniError.InvalidNetwork, "there is no prevResult: this plugin only works after another one in the chain");
        }

        var pod = PodArguments.Parse(variable);
        if (pod is null)
        {
            // Not a pod of Kubernetes: not ours.
            return new PluginResult(0, config.PreviousResult.ToJsonString());
        }

        try
        {
            string? error = await ZtunnelCall.SendAsync(config.Socket, Request("ADD", pod, config, variable), time);
            return error is null
                ? new PluginResult(0, config.PreviousResult.ToJsonString())
                : CniError.Of(config.Version, CniError.Refused, error);
        }
        catch (IOException) when (pod.MayPass)
        {
            // ztunnel itself, the operator and DNS must be able to start before ztunnel runs.
            return new PluginResult(0, config.PreviousResult.ToJsonString());
        }
    }

    // Deleting must succeed even when nobody answers (CNI specification, DEL): ztunnel notices by itself that the netns has gone.
    private static async Task<PluginResult> DeleteAsync(NetworkConfig config, Func<string, string?> variable, TimeProvider time)
    {
        if (PodArguments.Parse(variable) is { } pod)
        {
            try
            {
                await ZtunnelCall.SendAsync(config.Socket, Request("DEL", pod, config, variable), time, s_shortly);
            }
            catch (IOException)
            {
                return new PluginResult(0, "");
            }
        }

        return new PluginResult(0, "");
    }

    private static async Task<PluginResult> CheckAsync(NetworkConfig config, Func<string, string?> variable, TimeProvider time)
    {
        string? error = PodArguments.Parse(variable) is { } pod
            ? await ZtunnelCall.SendAsync(config.Socket, Request("CHECK", pod, config, variable), time)
            : null;
        return error is null ? new PluginResult(0, "") : CniError.Of(config.Version, CniError.Refused, error);
    }

    // CNI specification 1.1, STATUS: whether ADD could be served. Pods of the mesh cannot start without the node's ztunnel.
    private static async Task<PluginResult> StatusAsync(NetworkConfig config, TimeProvider time)
    {
        try
        {
            await ZtunnelCall.IsServedAsync(config.Socket, time, s_shortly);
            return new PluginResult(0, "");
        }
        catch (IOException e)
        {
            return CniError.Of(config.Version, CniError.NotAvailable, "the node's ztunnel does not answer", e.Message);
        }
    }

    private static PluginResult Versions(string asked) => new(0, new JsonObject
    {
        ["cniVersion"] = asked,
        ["supportedVersions"] = new JsonArray([.. s_versions.Select(v => JsonValue.Create(v))]),
    }.ToJsonString());

    private static JsonObject Request(string command, PodArguments pod, NetworkConfig config, Func<string, string?> variable) => new()
    {
        ["command"] = command,
        ["podUid"] = pod.Uid,
        ["namespace"] = pod.Namespace,
        ["name"] = pod.Name,
        ["netns"] = variable("CNI_NETNS") ?? "",
        ["addresses"] = new JsonArray([.. config.Addresses().Select(a => JsonValue.Create(a))]),
    };
}
