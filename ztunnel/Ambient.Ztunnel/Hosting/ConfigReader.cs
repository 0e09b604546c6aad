using System.Net;
using Ambient.Proxy.Hosting;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Hosting;

/// <summary>Environment to <see cref="ZtunnelConfig"/>; refuses the first value that makes no sense, naming it.</summary>
internal sealed class ConfigReader(Func<string, string?> variable) : EnvironmentReader(variable)
{
    internal static ZtunnelConfig FromEnvironment() => new ConfigReader(Environment.GetEnvironmentVariable).Read();

    /// <exception cref="FormatException">Names the variable and what it should be.</exception>
    internal ZtunnelConfig Read()
    {
        var defaults = new ZtunnelConfig { NodeName = "" };
        string? localConfig = Text("AMBIENT_LOCAL_CONFIG");
        var config = new ZtunnelConfig
        {
            NodeName = Text("NODE_NAME") ?? (localConfig is null
                ? throw new FormatException("NODE_NAME is not set: it names the node whose pods this proxy captures")
                : "local"),
            PodName = Text("POD_NAME") ?? defaults.PodName,
            PodNamespace = Text("POD_NAMESPACE") ?? defaults.PodNamespace,
            PodAddress = Parsed("POD_IP", defaults.PodAddress, "an IP address", ParseAddress),
            XdsAddress = Parsed("AMBIENT_XDS_ADDRESS", defaults.XdsAddress, "an https:// address", ParseXds),
            TokenPath = Text("AMBIENT_TOKEN_PATH") ?? defaults.TokenPath,
            RootCertPath = Text("AMBIENT_ROOT_CERT") ?? defaults.RootCertPath,
            StateDirectory = Text("AMBIENT_STATE_DIR") ?? defaults.StateDirectory,
            CniSocket = Text("AMBIENT_CNI_SOCKET") ?? defaults.CniSocket,
            HandoverSocket = Text("AMBIENT_HANDOVER_SOCKET") ?? defaults.HandoverSocket,
            CertificateFile = Text("AMBIENT_CERTIFICATE_FILE") switch
            {
                "none" => null,
                null => Text("AMBIENT_LOCAL_CA") is null ? "/run/ambient/svids.json" : null,
                var path => path,
            },
            LocalConfig = localConfig,
            LocalCa = Text("AMBIENT_LOCAL_CA"),
            ProcRoot = Text("AMBIENT_PROC") ?? defaults.ProcRoot,
            ResolvConf = Text("AMBIENT_RESOLV_CONF") ?? defaults.ResolvConf,
            Transport = Text("AMBIENT_TRANSPORT"),
            ClusterId = Text("AMBIENT_CLUSTER_ID") ?? defaults.ClusterId,
        };
        return Limits(config);
    }

    private ZtunnelConfig Limits(ZtunnelConfig config) => config with
    {
        CniWait = Seconds("AMBIENT_CNI_WAIT_SECONDS", config.CniWait, 0, 600),
        DrainTime = Seconds("AMBIENT_DRAIN_SECONDS", config.DrainTime, 0, 86_400),
        SuccessorTime = Seconds("AMBIENT_SUCCESSOR_SECONDS", config.SuccessorTime, 0, 600),
        CertificateLifetime = Seconds("AMBIENT_CERT_LIFETIME_SECONDS", config.CertificateLifetime, 10, 90 * 86_400),
        OriginalSource = Parsed("AMBIENT_ORIGINAL_SOURCE", config.OriginalSource, "auto, always or never", ParseEnum<OriginalSource>),
        KubeletUser = Number("AMBIENT_KUBELET_UID", config.KubeletUser, 0, int.MaxValue),
        MaxConnectionsPerPod = Number("AMBIENT_MAX_CONNECTIONS_PER_POD", config.MaxConnectionsPerPod, 1, 1_000_000),
        MaxHandshakesPerPod = Number("AMBIENT_MAX_HANDSHAKES_PER_POD", config.MaxHandshakesPerPod, 1, 100_000),
        AdminPort = Number("AMBIENT_ADMIN_PORT", config.AdminPort, 1, 65_535),
        MetricsPort = Number("AMBIENT_METRICS_PORT", config.MetricsPort, 1, 65_535),
        ReadinessPort = Number("AMBIENT_READINESS_PORT", config.ReadinessPort, 1, 65_535),
        LogLevel = Parsed("AMBIENT_LOG_LEVEL", config.LogLevel, "trace, debug, information, warning or error", ParseEnum<LogLevel>),
        JsonLog = Parsed("AMBIENT_LOG_FORMAT", false, "text or json",
            text => text switch { "json" => true, "text" => false, _ => throw new FormatException() }),
    };

    private static IPAddress ParseAddress(string text) =>
        IPAddress.TryParse(text, out IPAddress? address) ? address : throw new FormatException();
}
