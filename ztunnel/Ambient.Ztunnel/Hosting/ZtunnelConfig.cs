using System.Net;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Hosting;

/// <summary>Whether applications see the client's own address.</summary>
internal enum OriginalSource
{
    /// <summary>When the kernel lets us; else the pod's own, with a warning.</summary>
    Auto,
    Always,
    Never,
}

/// <summary>All that the environment says, read once before anything is opened.</summary>
internal sealed record ZtunnelConfig
{
    /// <summary>NODE_NAME.</summary>
    public required string NodeName { get; init; }

    /// <summary>POD_NAME, POD_NAMESPACE, POD_IP: how the operator's log names this proxy.</summary>
    public string PodName { get; init; } = "ztunnel";

    public string PodNamespace { get; init; } = Core.MeshDefaults.SystemNamespace;

    public IPAddress PodAddress { get; init; } = IPAddress.Loopback;

    /// <summary>AMBIENT_XDS_ADDRESS: discovery and certificates.</summary>
    public Uri XdsAddress { get; init; } = new("https://ambient-operator.ambient-system.svc:15012");

    /// <summary>AMBIENT_TOKEN_PATH: read again for every stream.</summary>
    public string TokenPath { get; init; } = "/var/run/secrets/tokens/istio-token";

    /// <summary>AMBIENT_ROOT_CERT: PEM of the roots that the operator's certificate leads to.</summary>
    public string RootCertPath { get; init; } = "/var/run/secrets/ambient/root-cert.pem";

    /// <summary>AMBIENT_STATE_DIR: what survives a restart.</summary>
    public string StateDirectory { get; init; } = "/var/lib/ambient";

    /// <summary>AMBIENT_CNI_SOCKET.</summary>
    public string CniSocket { get; init; } = "/run/ambient/cni.sock";

    /// <summary>AMBIENT_HANDOVER_SOCKET: where a new process asks the old one for its listeners.</summary>
    public string HandoverSocket { get; init; } = "/run/ambient/handover.sock";

    /// <summary>
    /// AMBIENT_CERTIFICATE_FILE: where keys and certificates outlive this process, memory-backed; <c>none</c> for nowhere. By default
    /// /run/ambient/svids.json, and nowhere with a CA in this process.
    /// </summary>
    public string? CertificateFile { get; init; }

    /// <summary>AMBIENT_LOCAL_CONFIG: file or directory instead of discovery; for development and tests.</summary>
    public string? LocalConfig { get; init; }

    /// <summary>AMBIENT_LOCAL_CA: directory with ca-cert.pem, ca-key.pem, root-cert.pem; with it this process signs for itself.</summary>
    public string? LocalCa { get; init; }

    /// <summary>AMBIENT_PROC: where processes of pods are looked for.</summary>
    public string ProcRoot { get; init; } = "/proc";

    /// <summary>AMBIENT_RESOLV_CONF: for pods whose own cannot be read.</summary>
    public string ResolvConf { get; init; } = "/etc/resolv.conf";

    /// <summary>AMBIENT_CNI_WAIT_SECONDS: how long a new pod waits for the word on it.</summary>
    public TimeSpan CniWait { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>AMBIENT_DRAIN_SECONDS: from SIGTERM until open connections are cut.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>
    /// How long a process that is told to end goes on as before, for a successor to take the listeners over; then it closes them.
    /// Zero closes them at once.
    /// </summary>
    public TimeSpan SuccessorTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>AMBIENT_CERT_LIFETIME_SECONDS.</summary>
    public TimeSpan CertificateLifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>AMBIENT_ORIGINAL_SOURCE: auto, always or never.</summary>
    public OriginalSource OriginalSource { get; init; }

    /// <summary>AMBIENT_KUBELET_UID: whose connections from the node count as probes.</summary>
    public int KubeletUser { get; init; }

    /// <summary>AMBIENT_MAX_CONNECTIONS_PER_POD.</summary>
    public int MaxConnectionsPerPod { get; init; } = 32_768;

    /// <summary>AMBIENT_MAX_HANDSHAKES_PER_POD: TLS handshakes under way.</summary>
    public int MaxHandshakesPerPod { get; init; } = 1024;

    /// <summary>AMBIENT_ADMIN_PORT, AMBIENT_METRICS_PORT, AMBIENT_READINESS_PORT.</summary>
    public int AdminPort { get; init; } = Core.ProxyPorts.Admin;

    public int MetricsPort { get; init; } = Core.ProxyPorts.Metrics;

    public int ReadinessPort { get; init; } = Core.ProxyPorts.Readiness;

    /// <summary>AMBIENT_LOG_LEVEL.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>AMBIENT_LOG_FORMAT: text or json.</summary>
    public bool JsonLog { get; init; }

    /// <summary>AMBIENT_TRANSPORT: native or managed; null chooses by the machine.</summary>
    public string? Transport { get; init; }

    /// <summary>AMBIENT_CLUSTER_ID.</summary>
    public string ClusterId { get; init; } = Core.MeshDefaults.ClusterId;
}
