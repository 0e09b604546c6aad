using System.Collections.Immutable;
using Ambient.Core.Addresses;
using Ambient.Core.Mesh;
using Ambient.Core.Policies;
using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Core;

/// <summary>
/// The whole mesh at one moment, immutable: a connection that holds one sees no change under its feet. Lookups do not allocate.
/// <see cref="MeshStore"/> makes the next one, which shares everything that did not change.
/// </summary>
public sealed class MeshSnapshot
{
    private readonly WorkloadIndex _workloads;
    private readonly ServiceIndex _services;
    private readonly PolicyIndex _policies;
    private readonly ImmutableDictionary<string, PodEnrolment> _enrolments;
    private readonly ResourceIndex _resources;

    private MeshSnapshot(
        WorkloadIndex workloads,
        ServiceIndex services,
        PolicyIndex policies,
        ImmutableDictionary<string, PodEnrolment> enrolments,
        ResourceIndex resources,
        MeshSettings settings,
        long version)
    {
        _workloads = workloads;
        _services = services;
        _policies = policies;
        _enrolments = enrolments;
        _resources = resources;
        Settings = settings;
        Version = version;
    }

    public static MeshSnapshot Empty { get; } = new(
        WorkloadIndex.Empty,
        ServiceIndex.Empty,
        PolicyIndex.Empty,
        ImmutableDictionary<string, PodEnrolment>.Empty,
        ResourceIndex.Empty,
        new MeshSettings(),
        0);

    public MeshSettings Settings { get; }

    /// <summary>0 for <see cref="Empty"/>, then one more for each update applied.</summary>
    public long Version { get; }

    public IEnumerable<Workload> Workloads => _workloads.ByUid.Values;

    public IEnumerable<MeshService> Services => _services.ByKey.Values;

    public IEnumerable<AuthorizationPolicy> Policies => _policies.ByKey.Values;

    /// <summary>By pod uid.</summary>
    public IReadOnlyDictionary<string, PodEnrolment> Enrolments => _enrolments;

    /// <summary>Policies of scope <see cref="PolicyScope.Global"/>, ordered by key.</summary>
    public IEnumerable<AuthorizationPolicy> GlobalPolicies => _policies.Global.Values;

    /// <summary>Of all types, ordered by type and key.</summary>
    public IEnumerable<ProxyResource> Resources => _resources.All;

    /// <summary>All resources of one kind, ordered by key.</summary>
    public IEnumerable<T> All<T>() where T : ProxyResource => _resources.Of(typeof(T).Name).Cast<T>();

    public T? Find<T>(string key) where T : ProxyResource => (T?)_resources.Find(typeof(T).Name, key);

    /// <summary>
    /// The <see cref="Version"/> that last brought, changed or removed a resource of this kind; 0: none ever came. What is built from all of a
    /// kind is built anew when this differs.
    /// </summary>
    public long VersionOf<T>() where T : ProxyResource => _resources.VersionOf(typeof(T).Name);

    public Workload? WorkloadByUid(string uid) => _workloads.ByUid.GetValueOrDefault(uid);

    /// <summary>
    /// The workload at an address. Host-network workloads share their node's address and are not found. When several claim one, as
    /// when an address is given to a new pod before the old one is taken back, the newest claim stands.
    /// </summary>
    public Workload? WorkloadByAddress(NetworkAddress address) =>
        WorkloadsByAddress(address) is [.., var newest] ? newest : null;

    /// <summary>Every claimant of an address, oldest claim first.</summary>
    public ImmutableArray<Workload> WorkloadsByAddress(NetworkAddress address) =>
        _workloads.ByAddress.TryGetValue(new AddressKey(address.Network, address.Address), out ImmutableArray<Workload> found)
            ? found
            : [];

    /// <param name="key"><c>namespace/hostname</c>.</param>
    public MeshService? ServiceByKey(string key) => _services.ByKey.GetValueOrDefault(key);

    /// <summary>
    /// The service that a client of this namespace means by an address: an exact VIP before any range; among several see
    /// <c>ServiceChoice</c>. A service that the client may not see is as if it were not there.
    /// </summary>
    public MeshService? ServiceByAddress(NetworkAddress address, string clientNamespace)
    {
        AddressKey key = new(address.Network, address.Address);
        return (_services.ByAddress.TryGetValue(key, out ImmutableArray<MeshService> exact)
                ? ServiceChoice.Among(exact, clientNamespace)
                : null)
            ?? ServiceChoice.InRanges(_services.ByRange, key, clientNamespace);
    }

    /// <summary>
    /// The service that an address means although a workload has it: one that has it as its own and whose endpoint the workload is, as outside hosts
    /// are often declared (one address in <c>addresses</c> and in <c>endpoints</c>), whoever else has that address as an endpoint too. Nobody else's
    /// declaration takes a workload's address.
    /// </summary>
    public MeshService? ServiceBefore(NetworkAddress address, string clientNamespace) =>
        _services.ByAddress.ContainsKey(new AddressKey(address.Network, address.Address))
        && ServiceByAddress(address, clientNamespace) is { } service && WorkloadsByAddress(address).Any(w => w.Services.ContainsKey(service.Key))
            ? service
            : null;

    /// <summary>Services of this host name in any namespace, ordered by key; host names compare without regard to case.</summary>
    public ImmutableArray<MeshService> ServicesByHostname(string hostname) =>
        _services.ByHostname.TryGetValue(hostname, out ImmutableArray<MeshService> found) ? found : [];

    /// <summary>The service of this host name that a client of this namespace means.</summary>
    public MeshService? ServiceByHostname(string hostname, string clientNamespace) =>
        ServiceChoice.Among(ServicesByHostname(hostname), clientNamespace);

    /// <summary>Every workload that names the service, whatever its health, ordered by uid.</summary>
    public ImmutableArray<Workload> EndpointsOf(string serviceKey) => EndpointSetOf(serviceKey).All;

    public EndpointSet EndpointSetOf(string serviceKey) => _workloads.Endpoints.GetValueOrDefault(serviceKey, EndpointSet.Empty);

    /// <param name="key"><c>namespace/name</c>.</param>
    public AuthorizationPolicy? PolicyByKey(string key) => _policies.ByKey.GetValueOrDefault(key);

    /// <summary>Policies of scope <see cref="PolicyScope.Namespace"/> in a namespace, ordered by key.</summary>
    public IEnumerable<AuthorizationPolicy> PoliciesOfNamespace(string ns) => _policies.OfNamespace(ns).Values;

    /// <summary>
    /// The mesh after an update: removals first, then what is new or replaced. The cost follows the size of the update.
    /// </summary>
    public MeshSnapshot With(MeshUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return new MeshSnapshot(
            _workloads.Apply(update),
            _services.Apply(update),
            _policies.Apply(update),
            _enrolments
                .RemoveRange(update.RemovedEnrolments)
                .SetItems(update.Enrolments.Select(static e => KeyValuePair.Create(e.PodUid, e))),
            _resources.Apply(update, Version + 1),
            update.Settings ?? Settings,
            Version + 1);
    }
}
