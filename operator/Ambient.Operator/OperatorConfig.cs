using System.Collections.Immutable;
using System.Net;
using Ambient.Compile.Provisioning;
using Ambient.Core;
using Ambient.Kube.Http;
using Ambient.Kube.Watching;
using Ambient.Kube.Working;
using Microsoft.Extensions.Logging;

namespace Ambient.Operator;

/// <summary>What an operator is started with; <see cref="OperatorConfigReader"/> reads it from the environment.</summary>
public sealed record OperatorConfig
{
    public required KubeConfig Kube { get; init; }

    /// <summary>Name of this replica: in leases and events.</summary>
    public required string PodName { get; init; }

    public string SystemNamespace { get; init; } = MeshDefaults.SystemNamespace;

    /// <summary>Discovery and certificates, TLS. A null address listens everywhere; port 0 takes a free one.</summary>
    public IPEndPoint? DiscoveryAddress { get; init; }

    public int DiscoveryPort { get; init; } = ProxyPorts.Xds;

    /// <summary>Metrics, readiness and debugging, plain HTTP.</summary>
    public IPEndPoint? AdminAddress { get; init; }

    public int AdminPort { get; init; } = 15014;

    /// <summary>Stands until the Mesh resource says otherwise.</summary>
    public string TrustDomain { get; init; } = MeshDefaults.TrustDomain;

    public string ClusterId { get; init; } = MeshDefaults.ClusterId;

    public string ClusterDomain { get; init; } = MeshDefaults.ClusterDomain;

    public string Network { get; init; } = "";

    /// <summary>Whether <c>istio-injection=enabled</c> and <c>linkerd.io/inject=enabled</c> enrol.</summary>
    public bool ForeignInjectionLabels { get; init; } = true;

    /// <summary>Service accounts that may ask for certificates of the pods on their node.</summary>
    public ImmutableArray<NamespacedName> NodeProxies { get; init; } = [new(MeshDefaults.SystemNamespace, "ambient-ztunnel")];

    /// <summary>Further DNS names for the serving certificate.</summary>
    public ImmutableArray<string> ServingNames { get; init; } = [];

    /// <summary>True serves <c>/debug</c> to everybody who reaches the port; false to this machine alone.</summary>
    public bool DebugAnywhere { get; init; }

    /// <summary>A change waits for others for so long…</summary>
    public TimeSpan Debounce { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>…but never longer than this.</summary>
    public TimeSpan DebounceLimit { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// So long new roots are handed out before certificates are signed under them. A proxy gets roots with its certificates, so after
    /// the longest life of one no proxy is without them; zero signs at once, for a key that may be in wrong hands.
    /// </summary>
    public TimeSpan RootPropagation { get; init; } = TimeSpan.FromHours(24);

    /// <summary>What waypoints and gateways are made of.</summary>
    public ProvisioningOptions Gateways { get; init; } = new();

    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    public ReflectorOptions Reflector { get; init; } = new();

    public LeaderElectionOptions LeaderElection { get; init; } = new();
}
