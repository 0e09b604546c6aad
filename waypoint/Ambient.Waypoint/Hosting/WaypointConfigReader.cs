using System.Net;
using Ambient.Core;
using Ambient.Proxy.Hosting;
using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Hosting;

/// <summary>Environment to <see cref="WaypointConfig"/>; refuses the first value that makes no sense, naming it.</summary>
internal sealed class WaypointConfigReader(Func<string, string?> variable) : EnvironmentReader(variable)
{
    internal static WaypointConfig FromEnvironment() => new WaypointConfigReader(Environment.GetEnvironmentVariable).Read();

    /// <exception cref="FormatException">Names the variable and what it should be.</exception>
    internal WaypointConfig Read()
    {
        string name = Text("AMBIENT_GATEWAY") ?? throw new FormatException("AMBIENT_GATEWAY is not set: it names the Gateway that this process serves");
        string ns = Text("POD_NAMESPACE") ?? throw new FormatException("POD_NAMESPACE is not set: it is the namespace of the Gateway");
        var defaults = new WaypointConfig { Gateway = new NamespacedName(ns, name), ServiceAccount = name };
        var config = defaults with
        {
            ServiceAccount = Text("SERVICE_ACCOUNT") ?? defaults.ServiceAccount,
            PodName = Text("POD_NAME") ?? defaults.PodName,
            PodAddress = Parsed("POD_IP", defaults.PodAddress, "an IP address", ParseAddress),
            NodeName = Text("NODE_NAME") ?? defaults.NodeName,
            XdsAddress = Parsed("AMBIENT_XDS_ADDRESS", defaults.XdsAddress, "an https:// address", ParseXds),
            TokenPath = Text("AMBIENT_TOKEN_PATH") ?? defaults.TokenPath,
            RootCertPath = Text("AMBIENT_ROOT_CERT") ?? defaults.RootCertPath,
            StateDirectory = Text("AMBIENT_STATE_DIR") ?? defaults.StateDirectory,
            CertificateFile = Text("AMBIENT_CERTIFICATE_FILE") is { } path && path != "none" ? path : null,
            LocalConfig = Text("AMBIENT_LOCAL_CONFIG"),
            LocalCa = Text("AMBIENT_LOCAL_CA"),
            BindAddress = Parsed("AMBIENT_BIND_ADDRESS", null, "an IP address", text => (IPAddress?)ParseAddress(text)),
            Transport = Text("AMBIENT_TRANSPORT"),
            ClusterId = Text("AMBIENT_CLUSTER_ID") ?? defaults.ClusterId,
        };
        return Limits(config);
    }

    private WaypointConfig Limits(WaypointConfig config) => config with
    {
        DrainTime = Seconds("AMBIENT_DRAIN_SECONDS", config.DrainTime, 0, 86_400),
        LeaveTime = Seconds("AMBIENT_LEAVE_SECONDS", config.LeaveTime, 0, 600),
        CertificateLifetime = Seconds("AMBIENT_CERT_LIFETIME_SECONDS", config.CertificateLifetime, 10, 90 * 86_400),
        DetectTime = Seconds("AMBIENT_DETECT_SECONDS", config.DetectTime, 1, 600),
        MaxConnections = Number("AMBIENT_MAX_CONNECTIONS", config.MaxConnections, 1, 10_000_000),
        MaxHandshakes = Number("AMBIENT_MAX_HANDSHAKES", config.MaxHandshakes, 1, 100_000),
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
