using Ambient.Compile.Authorization;
using Ambient.Compile.Enrolment;
using Ambient.Compile.Gateways;
using Ambient.Compile.Gateways.Listeners;
using Ambient.Compile.Gateways.Origination;
using Ambient.Compile.Gateways.Istio;
using Ambient.Compile.Gateways.Running;
using Ambient.Compile.Index;
using Ambient.Compile.PeerAuthentication;
using Ambient.Compile.Services;
using Ambient.Compile.Routes;
using Ambient.Compile.Routes.DestinationRules;
using Ambient.Compile.Routes.OwnPolicies;
using Ambient.Compile.Routes.VirtualServices;
using Ambient.Compile.Settings;
using Ambient.Compile.Sidecars;
using Ambient.Compile.Sources;
using Ambient.Compile.Telemetry;
using Ambient.Compile.Tokens;
using Ambient.Compile.Waypoints;
using Ambient.Compile.Workloads;

namespace Ambient.Compile;

/// <summary>One object of the index → all that it becomes. What other units then have to do again goes to the dirty set.</summary>
internal sealed class UnitCompiler(MeshIndex index, DirtySet dirty)
{
    private readonly Dictionary<ObjectKey, (bool Direct, bool BehindWaypoint)> _changed = [];

    public UnitOutput Compile(ObjectKey key)
    {
        var output = Unit(key);
        return index.Later.Find(key) is { } later ? output with { Findings = [.. later.Findings, .. output.Findings] } : output;
    }

    private UnitOutput Unit(ObjectKey key) => key.Kind switch
    {
        KnownKinds.Pod => Pod(key),
        KnownKinds.WorkloadEntry => WorkloadEntry(key),
        KnownKinds.Service => Service(key),
        KnownKinds.ServiceEntry => ServiceEntry(key),
        KnownKinds.EndpointSlice => index.Slices.Find(key) is { } slice ? SliceCompiler.Compile(index, slice) : UnitOutput.Nothing,
        KnownKinds.AuthorizationPolicy =>
            index.Authorizations.Find(key) is { } policy ? AuthorizationCompiler.Compile(index, policy) : UnitOutput.Nothing,
        KnownKinds.RequestAuthentication => index.Tokens.Find(key) is { } tokens ? TokenPolicyCompiler.Compile(index, tokens) : UnitOutput.Nothing,
        KnownKinds.PeerAuthentication => index.Peers.Find(key) is { } peer ? PeerCompiler.Compile(index, peer) : UnitOutput.Nothing,
        KnownKinds.Gateway => index.Gateways.Find(key) is { } gateway ? GatewayCompiler.Compile(index, gateway) : Gone(key),
        KnownKinds.ListenerSet => index.ListenerSets.Find(key) is { } set ? ListenerSetCompiler.Compile(index, set) : Gone(key),
        KnownKinds.BackendTlsPolicy => index.BackendTls.Find(key) is { } tls ? new BackendTlsCompiler(index, tls).Compile() : Gone(key),
        KnownKinds.IstioGateway => index.IstioGateways.Find(key) is { } servers ? IstioGatewayCompiler.Compile(index, servers) : Gone(key),
        KnownKinds.GatewayClass => index.GatewayClasses.Find(key) is { } @class ? GatewayClasses.Compile(@class) : UnitOutput.Nothing,
        KnownKinds.HttpRoute or KnownKinds.GrpcRoute or KnownKinds.TlsRoute or KnownKinds.TcpRoute or KnownKinds.UdpRoute =>
            index.Routes.Find(key) is { } route ? new RouteCompiler(index, route).Compile() : UnitOutput.Nothing,
        KnownKinds.Mesh => index.Meshes.Find(key) is { } mesh ? MeshCompilation.Compile(index, mesh) : UnitOutput.Nothing,
        KnownKinds.Sidecar => index.Sidecars.Find(key) is { } sidecar ? SidecarCompiler.Compile(index, sidecar) : UnitOutput.Nothing,
        KnownKinds.Telemetry => index.Telemetries.Find(key) is { } telemetry ? TelemetryCompiler.Compile(index, telemetry) : UnitOutput.Nothing,
        KnownKinds.Namespace => index.NamespaceOf(key.Name) is { } ns ? new UnitOutput { Findings = [.. LabelChecks.Of(ns)] } : UnitOutput.Nothing,
        RouteKind.VirtualService => index.Routing.VirtualServices.Find(key) is { } service ? new VirtualServiceCompiler(index, service).Compile() : Gone(key),
        RouteKind.DestinationRule => index.Routing.DestinationRules.Find(key) is { } rule ? DestinationRuleCompiler.Compile(index, rule) : Gone(key),
        RouteKind.ServiceProfile => index.Routing.Profiles.Find(key) is { } profile ? new SplitCompilers(index).Profile(profile) : Gone(key),
        RouteKind.TrafficSplit => index.Routing.Splits.Find(key) is { } split ? new SplitCompilers(index).Split(split) : Gone(key),
        RouteKind.RouteGroup => index.Routing.RouteGroups.Find(key) is { } group ? new SplitCompilers(index).Group(group) : Gone(key),
        RouteKind.EnvoyFilter => index.Routing.EnvoyFilters.Find(key) is { } filter ? new SplitCompilers(index).Filter(filter) : Gone(key),
        _ when RunningGateways.IsUnit(key) => GatewayConfigCompiler.Compile(index, key),
        RouteKind.RateLimitPolicy or RouteKind.BackendPolicy => index.Routing.OwnPolicies.Find(key) is { } own ? OwnPolicyCompiler.Compile(index, own) : Gone(key),
        _ when RouteUnits.IsHost(key) => new HostCompiler(index, key.Name).Compile(),
        _ => UnitOutput.Nothing,
    };

    /// <summary>A workload of which only the policies that apply can have changed: what it became before, with its list made anew.</summary>
    public UnitOutput Relist(ObjectKey key, UnitOutput standing)
    {
        var labels = key.Kind == KnownKinds.Pod
            ? index.Pods.Find(key) is { Finished: false } pod ? pod.Meta.Labels : null
            : index.WorkloadEntries.Find(key) is { Spec: not null } entry ? entry.Labels : null;
        if (labels is null)
        {
            return standing;
        }

        var waypoint = index.WaypointBefore.TryGetValue(key, out var gateways) && WaypointBinding.To(index, gateways[0]) is { } first ? first with { Canaries = [.. gateways.Skip(1)] } : null;
        var policies = index.Classes.Of(key.Namespace, labels);
        Attach(key, policies.Objects, waypoint);
        if (standing.Workloads is not [var workload])
        {
            return standing;
        }

        var listed = policies.Listed(index, waypoint);
        return workload.StrictOrigin == policies.StrictOrigin && workload.AuthorizationPolicies.SequenceEqual(listed)
            ? standing
            : standing with { Workloads = [workload with { AuthorizationPolicies = listed, StrictOrigin = policies.StrictOrigin }] };
    }

    private UnitOutput Gone(ObjectKey key)
    {
        index.Routing.Units.Set(key, []);
        return UnitOutput.Nothing;
    }

    private UnitOutput Pod(ObjectKey key)
    {
        if (index.Pods.Find(key) is not { Finished: false } pod)
        {
            Bind(key, null);
            Before(key, null);
            Attach(key, [], null);
            return UnitOutput.Nothing;
        }

        var own = Bind(key, pod.Meta);
        var before = Before(key, WaypointBinding.Before(index, own, pod.Meta, [.. ServiceMembership.Of(index, key, pod.Meta.Labels)]));
        var policies = index.Classes.Of(key.Namespace, pod.Meta.Labels);
        Attach(key, policies.Objects, before);
        return PodCompiler.Compile(index, pod, policies, own, before);
    }

    private UnitOutput WorkloadEntry(ObjectKey key)
    {
        if (index.WorkloadEntries.Find(key) is not { } entry)
        {
            Bind(key, null);
            Before(key, null);
            Attach(key, [], null);
            return UnitOutput.Nothing;
        }

        var own = Bind(key, entry.Meta);
        var before = Before(key, WaypointBinding.Before(index, own, entry.Meta, [.. ServiceMembership.Of(index, key, entry.Labels)]));
        var policies = index.Classes.Of(key.Namespace, entry.Labels);
        Attach(key, entry.Spec is null ? [] : policies.Objects, before);
        return WorkloadEntryCompiler.Compile(index, entry, policies, own, before);
    }

    private UnitOutput Service(ObjectKey key)
    {
        var service = index.Services.Find(key);
        var waypoint = Bind(key, service?.Meta);
        return service is null ? UnitOutput.Nothing : ServiceCompiler.Compile(index, service, waypoint);
    }

    private UnitOutput ServiceEntry(ObjectKey key)
    {
        var entry = index.ServiceEntries.Find(key);
        var waypoint = Bind(key, entry?.Meta);
        index.AutoAddresses.Forget(key);
        return entry is null ? UnitOutput.Nothing : new ServiceEntryCompiler(index, entry, waypoint).Compile();
    }

    /// <summary>Remembers who uses which waypoint, so that a change of the Gateway finds them. A null meta unbinds.</summary>
    private WaypointBinding? Bind(ObjectKey key, SourceMeta? meta)
    {
        var first = meta is null ? null : WaypointBinding.NamedBy(index, meta);
        ObjectKey? canary = first is null || key.Kind is KnownKinds.Pod or KnownKinds.WorkloadEntry ? null : WaypointCanary.NamedBy(index, meta!);
        ObjectKey[] named = [.. new[] { first, canary }.OfType<ObjectKey>().Distinct()];
        ObjectKey[] old = index.WaypointsOf.Remove(key, out var known) ? known : [];
        foreach (var gone in old.Except(named))
        {
            index.WaypointUsers.Remove(gone, key);
            dirty.Add(gone);
        }

        foreach (var come in named.Except(old))
        {
            index.WaypointUsers.Add(come, key);
            dirty.Add(come);
        }

        if (named.Length > 0)
        {
            index.WaypointsOf[key] = named;
        }

        return first is { } gateway ? WaypointBinding.To(index, gateway) : null;
    }

    private WaypointBinding? Before(ObjectKey workload, WaypointBinding? waypoint)
    {
        if (index.WaypointBefore.Remove(workload, out var old))
        {
            Array.ForEach(old, g => index.BehindWaypoint.Remove(g, workload));
        }

        if (waypoint is not null)
        {
            ObjectKey[] gateways = index.WaypointBefore[workload] = [.. waypoint.Gateways];
            Array.ForEach(gateways, g => index.BehindWaypoint.Add(g, workload));
        }

        return waypoint;
    }

    private void Attach(ObjectKey workload, IReadOnlyList<ObjectKey> policies, WaypointBinding? waypoint)
    {
        index.Attachments.Set(workload, policies, waypoint is not null, _changed);
        foreach (var (policy, before) in _changed)
        {
            dirty.Add(policy);
            // Whether a policy without selector reaches its scope by itself depends on waypoints in that scope.
            if (before.BehindWaypoint != index.Attachments.Of(policy).Shape.BehindWaypoint
                && index.Authorizations.Find(policy) is { Selector: null })
            {
                dirty.AddLists(index.Labels.Selected(index.Options.IsRoot(policy.Namespace) ? "" : policy.Namespace, null));
            }
        }

        _changed.Clear();
    }
}
