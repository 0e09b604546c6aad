using System.Net;
using Ambient.Core.Workloads;
using Ambient.Routing.Balancers;
using Ambient.Waypoint.Requests.Authorizing;

namespace Ambient.Waypoint.Upstreams.Clusters;

/// <summary>
/// An endpoint with what was learned about it; kept for as long as workload, address and port stay the same. Whether it is asked is what
/// discovery says, and what active checks say where there are any, and whether it is ejected.
/// </summary>
internal sealed class ClusterEndpoint : BalancedEndpoint
{
    private readonly Lock _lock = new();
    private bool _discovered = true;
    private ProbeState _probe;
    private PolicySets? _setsOf;
    private DestinationPolicies? _policies;
    private volatile KeyOf? _lastKey;

    public ClusterEndpoint(Workload workload, int port, TimeProvider time, bool isNew)
        : base(workload.Uid, time, isNew)
    {
        Workload = workload;
        Port = port;
        Address = workload.Addresses.IsEmpty ? null : new IPEndPoint(workload.Addresses[0], port);
    }

    /// <summary>As discovery has it now; only the cluster that owns the endpoint changes it.</summary>
    public Workload Workload { get; private set; }

    /// <summary>The endpoint's own port.</summary>
    public int Port { get; }

    /// <summary>Null when it has a name to resolve instead.</summary>
    public IPEndPoint? Address { get; }

    public ProbeState Probe
    {
        get
        {
            lock (_lock)
            {
                return _probe;
            }
        }
    }

    /// <summary>By discovery alone.</summary>
    public bool HealthyByDiscovery
    {
        get
        {
            lock (_lock)
            {
                return _discovered;
            }
        }
    }

    /// <summary>Upstream connections begun for it, for limits that count requests by connection.</summary>
    public RequestTally Tally { get; } = new();

    /// <summary>The key of the last attempt, since the next is often of the same caller; null: none, or the workload has changed.</summary>
    public UpstreamKey? LastKey => _lastKey is { } last && ReferenceEquals(last.Of, Workload) ? last.Key : null;

    public void Remember(UpstreamKey key, Workload workload) => _lastKey = new KeyOf(key, workload);

    /// <summary>True when the workload can still be this endpoint.</summary>
    public bool Serves(Workload workload, int port) =>
        port == Port && (workload.Addresses.IsEmpty ? Address is null : Address is not null && Address.Address.Equals(workload.Addresses[0]))
        && string.Equals(workload.Hostname, Workload.Hostname, StringComparison.Ordinal)
        && workload.TunnelProtocol == Workload.TunnelProtocol
        && workload.Identity == Workload.Identity;

    public void Renew(Workload workload, bool healthy)
    {
        lock (_lock)
        {
            if (!ReferenceEquals(workload, Workload))
            {
                _setsOf = null;
            }

            Workload = workload;
            Weight = workload.Capacity;
            _discovered = healthy;
            Healthy = healthy && !_probe.Failed;
        }
    }

    /// <summary>One active check ended. True when it changed what is believed.</summary>
    public bool Probed(bool succeeded, int healthyThreshold, int unhealthyThreshold)
    {
        lock (_lock)
        {
            bool failed = _probe.Failed;
            _probe = _probe.After(succeeded, healthyThreshold, unhealthyThreshold);
            Healthy = _discovered && !_probe.Failed;
            return failed != _probe.Failed;
        }
    }

    public void ForgetProbes()
    {
        lock (_lock)
        {
            _probe = default;
            Healthy = _discovered;
        }
    }

    /// <summary>The policies for requests to this endpoint, looked up once for as long as policies and workload stay.</summary>
    public DestinationPolicies PoliciesOf(PolicySets sets, string? service)
    {
        lock (_lock)
        {
            if (!ReferenceEquals(_setsOf, sets) || _policies is null)
            {
                _policies = sets.For(service, Workload);
                _setsOf = sets;
            }

            return _policies;
        }
    }

    private sealed record KeyOf(UpstreamKey Key, Workload Of);
}
