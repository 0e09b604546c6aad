using System.Net;
using Ambient.Core;
using Ambient.Core.Identity;
using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Hosting;

/// <summary>All that the environment says, read once before anything is opened.</summary>
internal sealed record WaypointConfig
{
    /// <summary>AMBIENT_GATEWAY and POD_NAMESPACE: the Gateway resource that this process serves.</summary>
    public required NamespacedName Gateway { get; init; }

    public string PodNamespace => Gateway.Namespace;

    /// <summary>POD_NAME.</summary>
    public string PodName { get; init; } = "waypoint";

    /// <summary>POD_IP.</summary>
    public IPAddress PodAddress { get; init; } = IPAddress.Loopback;

    /// <summary>NODE_NAME.</summary>
    public string NodeName { get; init; } = "";

    /// <summary>SERVICE_ACCOUNT: whose certificate this process presents; by default the Gateway's name.</summary>
    public required string ServiceAccount { get; init; }

    /// <summary>AMBIENT_XDS_ADDRESS: discovery and certificates.</summary>
    public Uri XdsAddress { get; init; } = new("https://ambient-operator.ambient-system.svc:15012");

    /// <summary>AMBIENT_TOKEN_PATH: read again for every stream.</summary>
    public string TokenPath { get; init; } = "/var/run/secrets/tokens/istio-token";

    /// <summary>AMBIENT_ROOT_CERT: PEM of the roots that the operator's certificate leads to.</summary>
    public string RootCertPath { get; init; } = "/var/run/secrets/ambient/root-cert.pem";

    /// <summary>AMBIENT_STATE_DIR: what survives a restart of the container.</summary>
    public string StateDirectory { get; init; } = "/var/lib/ambient";

    /// <summary>AMBIENT_CERTIFICATE_FILE: where key and certificate outlive this process, memory-backed; null for nowhere.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>AMBIENT_LOCAL_CONFIG: file or directory instead of discovery; for development, tests and benchmarks.</summary>
    public string? LocalConfig { get; init; }

    /// <summary>AMBIENT_LOCAL_CA: directory with ca-cert.pem, ca-key.pem, root-cert.pem; with it this process signs for itself.</summary>
    public string? LocalCa { get; init; }

    /// <summary>AMBIENT_BIND_ADDRESS: to listen on and to connect from; by default every address, and what the system chooses.</summary>
    public IPAddress? BindAddress { get; init; }

    /// <summary>AMBIENT_DRAIN_SECONDS: from SIGTERM until open connections are cut.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>AMBIENT_LEAVE_SECONDS: from SIGTERM on everything goes on as before, until callers have heard that this replica is not ready any more.</summary>
    public TimeSpan LeaveTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>AMBIENT_CERT_LIFETIME_SECONDS.</summary>
    public TimeSpan CertificateLifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>AMBIENT_MAX_CONNECTIONS: tunnelled connections at once.</summary>
    public int MaxConnections { get; init; } = 65_536;

    /// <summary>AMBIENT_MAX_HANDSHAKES: TLS handshakes under way.</summary>
    public int MaxHandshakes { get; init; } = 1024;

    /// <summary>AMBIENT_DETECT_SECONDS: how long a client may take to say what it speaks, where its port does not.</summary>
    public TimeSpan DetectTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>AMBIENT_ADMIN_PORT, AMBIENT_METRICS_PORT, AMBIENT_READINESS_PORT.</summary>
    public int AdminPort { get; init; } = ProxyPorts.Admin;

    public int MetricsPort { get; init; } = ProxyPorts.Metrics;

    public int ReadinessPort { get; init; } = ProxyPorts.Readiness;

    /// <summary>AMBIENT_LOG_LEVEL.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>AMBIENT_LOG_FORMAT: text or json.</summary>
    public bool JsonLog { get; init; }

    /// <summary>AMBIENT_TRANSPORT: native or managed; null chooses by the machine.</summary>
    public string? Transport { get; init; }

    /// <summary>AMBIENT_CLUSTER_ID.</summary>
    public string ClusterId { get; init; } = MeshDefaults.ClusterId;

    /// <summary>Key of this process's own workload.</summary>
    public string WorkloadUid => $"{ClusterId}//Pod/{Gateway.Namespace}/{PodName}";

    /// <summary>The identity of this process in a trust domain.</summary>
    public SpiffeId Identity(string trustDomain) => new(trustDomain, Gateway.Namespace, ServiceAccount);
}
