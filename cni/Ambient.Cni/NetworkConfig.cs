using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ambient.Cni;

/// <summary>The part of the network configuration on standard input that this plugin looks at.</summary>
/// <param name="Version">CNI version to answer in.</param>
/// <param name="Socket">Key <c>ambientSocket</c>: where the node's ztunnel listens.</param>
/// <param name="PreviousResult">Result of the plugins before this one in the chain; null without.</param>
internal sealed record NetworkConfig(string Version, string Socket, JsonObject? PreviousResult)
{
    // sun_path, less its terminating zero.
    private const int MaxSocketPath = 107;

    internal const string DefaultSocket = "/run/ambient/cni.sock";

    /// <exception cref="FormatException">Not JSON, or not an object.</exception>
    internal static NetworkConfig Parse(string input, Func<string, string?> variable)
    {
        try
        {
            if (JsonNode.Parse(input) is not JsonObject root)
            {
                throw new FormatException("the network configuration is not an object");
            }

            string socket = root["ambientSocket"]?.GetValue<string>() ?? variable("AMBIENT_CNI_SOCKET") ?? DefaultSocket;
            return new NetworkConfig(
                root["cniVersion"]?.GetValue<string>() ?? "1.0.0",
                socket is ['/', ..] && socket.Length <= MaxSocketPath
                    ? socket
                    : throw new FormatException($"ambientSocket has to be an absolute path of at most {MaxSocketPath} characters"),
                root["prevResult"] as JsonObject);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"the network configuration cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Addresses of the pod in the previous result, without prefix lengths.</summary>
    internal string[] Addresses() =>
        [.. (PreviousResult?["ips"] as JsonArray ?? []).Select(ip => ip?["address"]?.GetValue<string>()).OfType<string>().Select(a => a.Split('/')[0])];
}
