using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Ambient.Core;
using Ambient.Core.Services;
using Ambient.Core.Telemetry;
using Ambient.Core.Workloads;
using Ambient.Policy.Telemetry;
using Ambient.Waypoint.Mesh;
using Ambient.Waypoint.Telemetry.Metrics;

namespace Ambient.Waypoint.Telemetry;

/// <summary>
/// What is recorded of which requests. Worked out once for each service and workload after a change; where no Telemetry resource is, there is
/// nothing to look up.
/// </summary>
internal sealed class TelemetryView(NamespacedName proxy)
{
    private volatile Compiled _current = new(proxy, WaypointState.Empty);

    /// <summary>What one request is recorded by.</summary>
    /// <param name="Telemetry">After everything that is said.</param>
    /// <param name="Plan">Null: labels are as they are.</param>
    internal sealed record Entry(EffectiveTelemetry Telemetry, LabelPlan? Plan);

    internal Entry Of(MeshService? service, Workload? destination, bool isGateway) => _current.Of(service, destination, isGateway);

    /// <summary>Format of access log lines.</summary>
    internal bool AccessLogJson => _current.AccessLogJson;

    /// <summary>Receivers of spans that are declared.</summary>
    internal ImmutableArray<TracingProvider> Providers => _current.Providers;

    /// <summary>The mesh has changed.</summary>
    /// <returns>False when that changes nothing here.</returns>
    internal bool Update(WaypointState state)
    {
        if (_current.StillHolds(state))
        {
            return false;
        }

        _current = new Compiled(proxy, state);
        return true;
    }

    /// <summary>By reference: to compare what is in them would cost more than the work that is saved.</summary>
    private readonly struct Subject(MeshService? service, Workload? destination, bool isGateway) : IEquatable<Subject>
    {
        private readonly MeshService? _service = service;
        private readonly Workload? _destination = destination;
        private readonly bool _isGateway = isGateway;

        public bool Equals(Subject other) =>
            ReferenceEquals(_service, other._service) && ReferenceEquals(_destination, other._destination) && _isGateway == other._isGateway;

        public override bool Equals(object? obj) => obj is Subject other && Equals(other);

        public override int GetHashCode() => HashCode.Combine(
            _service is null ? 0 : RuntimeHelpers.GetHashCode(_service), _destination is null ? 0 : RuntimeHelpers.GetHashCode(_destination), _isGateway);
    }

    private sealed class Compiled
    {
        private const int Most = 10_000;

        private readonly NamespacedName _proxy;
        private readonly WaypointState _state;
        private readonly TelemetryPolicy[] _policies;
        private readonly MeshTelemetry _mesh;
        private readonly Entry _waypoint;
        private readonly Entry _gateway;
        private readonly ConcurrentDictionary<Subject, Entry> _entries = [];
        private readonly ConcurrentDictionary<(string Sources, bool), Entry> _bySources = [];

        internal Compiled(NamespacedName proxy, WaypointState state)
        {
            _proxy = proxy;
            _state = state;
            MeshSnapshot snapshot = state.Snapshot;
            _policies = [.. snapshot.All<TelemetryPolicy>()];
            _mesh = snapshot.Find<MeshTelemetry>(MeshTelemetry.TheKey) ?? MeshTelemetry.Default with { AccessLog = snapshot.Settings.AccessLog };
            _waypoint = Make(null, null, false);
            _gateway = Make(null, null, true);
        }

        internal ImmutableArray<TracingProvider> Providers => _mesh.Providers;

        internal bool AccessLogJson => _mesh.AccessLogJson;

        internal bool StillHolds(WaypointState state) =>
            state.Snapshot.VersionOf<TelemetryPolicy>() == _state.Snapshot.VersionOf<TelemetryPolicy>()
            && state.Snapshot.VersionOf<MeshTelemetry>() == _state.Snapshot.VersionOf<MeshTelemetry>()
            && state.Snapshot.Settings.AccessLog == _state.Snapshot.Settings.AccessLog
            && ReferenceEquals(state.Self?.Labels, _state.Self?.Labels);

        internal Entry Of(MeshService? service, Workload? destination, bool isGateway)
        {
            if (_policies.Length == 0 || (service is null && destination is null))
            {
                return isGateway ? _gateway : _waypoint;
            }

            var key = new Subject(service, destination, isGateway);
            if (_entries.TryGetValue(key, out Entry? entry))
            {
                return entry;
            }

            if (_entries.Count >= Most)
            {
                _entries.Clear();
            }

            return _entries[key] = Make(service, destination, isGateway);
        }

        // Equal sources are one entry, so that its plan's series are.
        private Entry Make(MeshService? service, Workload? destination, bool isGateway)
        {
            EffectiveTelemetry telemetry = TelemetryMerge.Of(_policies, _mesh, new TelemetrySubject
            {
                Proxy = _proxy,
                ProxyLabels = _state.Self?.Labels ?? Workload.NoLabels,
                IsGateway = isGateway,
                Service = service,
                Destination = destination,
            });
            return _bySources.GetOrAdd((telemetry.Sources, isGateway), static (_, t) => new Entry(t, LabelPlan.Of(t)), telemetry);
        }
    }
}
