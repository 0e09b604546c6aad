using System.Collections.Immutable;
using Ambient.Compile.Gateways;
using Ambient.Compile.Routes;
using Ambient.Compile.Sources;
using Ambient.Compile.Telemetry;
using Ambient.Compile.Tokens;
using Ambient.Core;

namespace Ambient.Compile.Index;

/// <summary>All that was put, narrowed, with the ways to find it. One writer; the compilers of the units only read.</summary>
internal sealed class MeshIndex
{
    public MeshIndex(CompileOptions options)
    {
        Options = options;
        Settings = options.Settings;
        Classes = new PolicyClasses(this);
    }

    public CompileOptions Options { get; }

    public Table<SourceMeta> Namespaces { get; } = new();

    public Table<NodeSource> Nodes { get; } = new();

    public Table<PodSource> Pods { get; } = new();

    public Table<ServiceSource> Services { get; } = new();

    public Table<SliceSource> Slices { get; } = new();

    public Table<WorkloadEntrySource> WorkloadEntries { get; } = new();

    public Table<ServiceEntrySource> ServiceEntries { get; } = new();

    public Table<GatewaySource> Gateways { get; } = new();

    public Table<GatewayClassSource> GatewayClasses { get; } = new();

    public Table<ListenerSetSource> ListenerSets { get; } = new();

    /// <summary>ListenerSets by the Gateway that they name, allowed there or not.</summary>
    public Groups<ObjectKey, ObjectKey> ListenerSetsOf { get; } = new();

    /// <summary>Gateways that a person runs, by the namespace of their Service.</summary>
    public Groups<string, ObjectKey> GatewaysByHand { get; } = new();

    /// <summary>Gateways for which something could not be made.</summary>
    public Dictionary<ObjectKey, ProvisioningProblem> Provisioning { get; } = [];

    public Table<RouteSource> Routes { get; } = new();

    public Table<GrantSource> Grants { get; } = new();

    /// <summary>Only those that <see cref="RouteUnits.Wanted"/> names are of use.</summary>
    public Table<SecretSource> Secrets { get; } = new();

    /// <inheritdoc cref="Secrets"/>
    public Table<ConfigMapSource> ConfigMaps { get; } = new();

    public Table<IstioGatewaySource> IstioGateways { get; } = new();

    public Table<BackendTlsSource> BackendTls { get; } = new();

    /// <summary>BackendTLSPolicies by their targets.</summary>
    public Groups<ObjectKey, ObjectKey> BackendTlsOf { get; } = new();

    /// <summary>Pods that say they are a gateway's, by the key that its Gateway has or would have.</summary>
    public Groups<ObjectKey, ObjectKey> GatewayPods { get; } = new();

    /// <summary>Objects that only have findings.</summary>
    public Table<LaterSource> Later { get; } = new();

    /// <summary>Routes by the objects that their status depends on: parents, backends, namespaces.</summary>
    public Groups<ObjectKey, ObjectKey> RoutesOf { get; } = new();

    /// <summary>Routes by their parent and their own kind.</summary>
    public Groups<(ObjectKey Parent, string Kind), ObjectKey> RoutesByKind { get; } = new();

    /// <summary>Policies by the objects that their targetRefs name.</summary>
    public Groups<ObjectKey, ObjectKey> PoliciesAt { get; } = new();

    public RouteIndex Routing { get; } = new();

    public Table<MeshSource> Meshes { get; } = new();

    public Table<TelemetrySource> Telemetries { get; } = new();

    public Table<AuthorizationSource> Authorizations { get; } = new();

    public Table<PeerSource> Peers { get; } = new();

    /// <summary>RequestAuthentications.</summary>
    public Table<TokenSource> Tokens { get; } = new();

    /// <summary>AuthorizationPolicies by what they select; those at objects are in <see cref="Targeted"/>.</summary>
    public SelectorIndex<AuthorizationSource> AuthorizationSelectors { get; } = new();

    public SelectorIndex<PeerSource> PeerSelectors { get; } = new();

    /// <summary>RequestAuthentications by what they select; those at objects are in <see cref="TargetedTokens"/>.</summary>
    public SelectorIndex<TokenSource> TokenSelectors { get; } = new();

    /// <summary>Services that follow a selector.</summary>
    public SelectorIndex<ServiceSource> ServiceSelectors { get; } = new();

    /// <summary>ServiceEntries that choose workloads.</summary>
    public SelectorIndex<ServiceEntrySource> EntrySelectors { get; } = new();

    /// <summary>AuthorizationPolicies with targetRefs by namespace.</summary>
    public Groups<string, ObjectKey> Targeted { get; } = new();

    /// <summary>RequestAuthentications with targetRefs by namespace.</summary>
    public Groups<string, ObjectKey> TargetedTokens { get; } = new();

    /// <summary>Pods and WorkloadEntries by label.</summary>
    public LabelIndex Labels { get; } = new();

    public AddressClaims Claims { get; } = new();

    public HostClaims Hosts { get; } = new();

    public Table<SidecarSource> Sidecars { get; } = new();

    /// <summary>Sidecars by whom they choose.</summary>
    public SelectorIndex<SidecarSource> SidecarSelectors { get; } = new();

    public AutoAddresses AutoAddresses { get; } = new();

    /// <summary>Objects whose labels bind them to a Gateway, which need not exist.</summary>
    public Groups<ObjectKey, ObjectKey> WaypointUsers { get; } = new();

    /// <summary>The Gateways that an object's labels name: its waypoint, then the canary beside that.</summary>
    public Dictionary<ObjectKey, ObjectKey[]> WaypointsOf { get; } = [];

    /// <summary>Workloads that a waypoint stands before, by their own binding or by that of all services that they serve: the waypoint, then canaries.</summary>
    public Dictionary<ObjectKey, ObjectKey[]> WaypointBefore { get; } = [];

    /// <summary>The same the other way round: workloads by each Gateway that stands before them.</summary>
    public Groups<ObjectKey, ObjectKey> BehindWaypoint { get; } = new();

    public Attachments Attachments { get; } = new();

    public PolicyClasses Classes { get; }

    public Groups<string, ObjectKey> PodsOfNode { get; } = new();

    /// <summary>Slices that name a pod as endpoint.</summary>
    public Groups<ObjectKey, ObjectKey> SlicesOfPod { get; } = new();

    public Groups<ObjectKey, ObjectKey> SlicesOfService { get; } = new();

    public MeshSettings Settings { get; set; }

    public ImmutableArray<string> TrustDomains => [Settings.TrustDomain, .. Settings.TrustDomainAliases];

    public SourceMeta? NamespaceOf(string name) => Namespaces.Find(new(KnownKinds.Namespace, "", name));

    public string HostnameOf(string name, string @namespace) => $"{name}.{@namespace}.svc.{Settings.ClusterDomain}";
}
