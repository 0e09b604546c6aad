using System.Text.Json.Nodes;
using Ambient.Compile.Gateways.Running;
using Ambient.Compile.Index;
using Ambient.Compile.Routes.DestinationRules;
using Ambient.Compile.Routes.HttpRoutes;
using Ambient.Compile.Routes.RateLimits;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Routes.ServiceProfiles;
using Ambient.Compile.Routes.StreamRoutes;
using Ambient.Compile.Routes.TrafficSplits;
using Ambient.Compile.Routes.VirtualServices;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Routes;

/// <summary>Routing resources into the index; the hosts that they speak about, before and now, are made anew.</summary>
internal sealed class RouteIntake(MeshIndex index, DirtySet dirty)
{
    private readonly RouteIndex _routing = index.Routing;

    // As written: host names are read again when the cluster's domain changes.
    private readonly Dictionary<ObjectKey, JsonObject> _written = [];

    /// <summary>False for a kind that is none of ours.</summary>
    public bool Take(ObjectKey key, JsonObject? manifest)
    {
        bool ours = Read(key, manifest);
        if (ours)
        {
            Keep(key, manifest);
        }

        return ours;
    }

    /// <summary>Everything is read again: short names, and backends of routes, end in the cluster's domain.</summary>
    public void DomainChanged()
    {
        dirty.Add(_routing.Units.All);
        // Annotations and policies of ours speak about Services by name.
        dirty.Add(index.Services.All.SelectMany(s => RouteTargets.HostsOf(index, s)).Select(RouteUnits.OfHost));
        foreach (var (key, manifest) in _written.ToList())
        {
            if (!Read(key, manifest))
            {
                Route(key, manifest, index.Routes.Find(key));
            }
        }

        Touch(index.Routes.All.SelectMany(r => r.Parents.Select(r.KeyOf).OfType<ObjectKey>()).SelectMany(HostsOf));
        Touch(index.BackendTls.All.SelectMany(static p => p.Targets).SelectMany(t => HostsOf(t.Target)));
    }

    private void Keep(ObjectKey key, JsonObject? manifest)
    {
        _written.Remove(key);
        if (manifest is not null)
        {
            _written[key] = manifest;
        }
    }

    private bool Read(ObjectKey key, JsonObject? manifest)
    {
        switch (key.Kind)
        {
            case RouteKind.VirtualService:
                VirtualService(key, manifest);
                return true;
            case RouteKind.DestinationRule:
                Set(_routing.DestinationRules, key, manifest, (m, old) => DestinationRuleReader.Read(m, Meta(m, key), index.Settings.ClusterDomain, old), static r => r.Host);
                Credentials(key);
                return true;
            case RouteKind.ServiceProfile:
                Set(_routing.Profiles, key, manifest, (m, old) => ServiceProfileReader.Read(m, Meta(m, key), index.Settings.ClusterDomain, old), static p => p.Host);
                return true;
            case RouteKind.TrafficSplit:
                Set(_routing.Splits, key, manifest, (m, old) => TrafficSplitReader.Read(m, Meta(m, key), index.Settings.ClusterDomain, old), static s => s.Host);
                return true;
            case RouteKind.RouteGroup:
                Set(_routing.RouteGroups, key, manifest, (m, old) => RouteGroupReader.Read(m, Meta(m, key), old), static _ => "");
                return true;
            case RouteKind.EnvoyFilter:
                EnvoyFilter(key, manifest);
                return true;
            default:
                return false;
        }
    }

    /// <summary>A Service came, went or changed.</summary>
    public void ServiceChanged(ServiceSource? old, ServiceSource? service) =>
        Touch(RouteTargets.HostsOf(index, old).Concat(RouteTargets.HostsOf(index, service)));

    /// <inheritdoc cref="ServiceChanged"/>
    public void EntryChanged(ServiceEntrySource? old, ServiceEntrySource? entry)
    {
        foreach (string host in old?.Hosts ?? [])
        {
            _routing.EntriesOf.Remove(host.ToLowerInvariant(), old!.Meta.Key);
        }

        foreach (string host in entry?.Hosts ?? [])
        {
            _routing.EntriesOf.Add(host.ToLowerInvariant(), entry!.Meta.Key);
        }

        Touch((old?.Hosts ?? []).Concat(entry?.Hosts ?? []).Select(static h => h.ToLowerInvariant()));
    }

    /// <summary>A route of the Gateway API, when the mesh's index has its parents already. Its status is made elsewhere.</summary>
    public void Route(ObjectKey key, JsonObject? manifest, RouteSource? old)
    {
        Keep(key, manifest);
        if (key.Kind is KnownKinds.HttpRoute or KnownKinds.GrpcRoute)
        {
            _routing.HttpRoutes.Set(key, manifest is null ? null : HttpRouteReader.Read(manifest, Meta(manifest, key), index.Settings.ClusterDomain, _routing.HttpRoutes.Find(key)));
        }
        else
        {
            var table = key.Kind == KnownKinds.UdpRoute ? _routing.DatagramRoutes : _routing.StreamRoutes;
            table.Set(key, manifest is null ? null : StreamRouteReader.Read(manifest, Meta(manifest, key), index.Settings.ClusterDomain, table.Find(key)));
        }

        dirty.Add(_routing.Units.Of(key));
        Touch(new[] { old, index.Routes.Find(key) }.OfType<RouteSource>().SelectMany(r => r.Parents.Select(r.KeyOf).OfType<ObjectKey>()).SelectMany(HostsOf));
    }

    /// <summary>Something that is said about a Service or ServiceEntry by its name changed.</summary>
    public void TargetChanged(ObjectKey target) => Touch(HostsOf(target));

    private IEnumerable<string> HostsOf(ObjectKey parent) => parent.Kind == KnownKinds.Service
        ? [RouteHosts.Full(index.HostnameOf(parent.Name, parent.Namespace), "", index.Settings.ClusterDomain)]
        : (index.ServiceEntries.Find(parent)?.Hosts ?? []).Select(static h => h.ToLowerInvariant());

    private void VirtualService(ObjectKey key, JsonObject? manifest)
    {
        var before = _routing.VirtualServices.Find(key);
        var now = manifest is null ? null : VirtualServiceReader.Read(manifest, Meta(manifest, key), index.Settings.ClusterDomain, before);
        _routing.VirtualServices.Set(key, now);
        foreach (string gateway in before?.Gateways ?? [])
        {
            _routing.AtGateways.Remove(gateway, key);
            dirty.Add(GatewayNames.KeyOf(gateway));
        }

        foreach (string gateway in now?.Gateways ?? [])
        {
            _routing.AtGateways.Add(gateway, key);
            dirty.Add(GatewayNames.KeyOf(gateway));
        }

        Changed(key, before?.Hosts ?? [], now?.Hosts ?? []);
    }

    /// <summary>Whoever may call by the rule is sent its Secret, or no longer.</summary>
    private void Credentials(ObjectKey key)
    {
        bool now = _routing.DestinationRules.Find(key) is { } rule && rule.Credentials.Any();
        if ((now ? _routing.WithCredentials.Add(key) : _routing.WithCredentials.Remove(key)) || now)
        {
            dirty.Add(RunningGateways.Units(index));
        }
    }

    private void EnvoyFilter(ObjectKey key, JsonObject? manifest)
    {
        var before = _routing.EnvoyFilters.Find(key);
        var now = manifest is null ? null : EnvoyFilterReader.Read(manifest, Meta(manifest, key), before);
        _routing.EnvoyFilters.Set(key, now);
        dirty.Add(key);
        Touch(new[] { before, now }.OfType<EnvoyFilterSource>().SelectMany(f => ServiceLimits.ServicesOf(index, f)).SelectMany(s => RouteTargets.HostsOf(index, s)));
    }

    /// <summary>An object that speaks about one host; an empty one is none.</summary>
    private void Set<T>(Table<T> table, ObjectKey key, JsonObject? manifest, Func<JsonObject, T?, T> read, Func<T, string> host) where T : class
    {
        var before = table.Find(key);
        var now = manifest is null ? null : read(manifest, before);
        table.Set(key, now);
        Changed(key, Hosts(before), Hosts(now));

        string[] Hosts(T? version) => version is not null && host(version) is { Length: > 0 } one ? [one] : [];
    }

    private void Changed(ObjectKey key, IReadOnlyCollection<string> before, IReadOnlyCollection<string> now)
    {
        _routing.Claim(key, before, now);
        dirty.Add(key);
        dirty.Add(_routing.Units.Of(key));
        Touch(before.Concat(now));
    }

    private void Touch(IEnumerable<string> hosts)
    {
        foreach (string host in hosts.Distinct(StringComparer.Ordinal))
        {
            dirty.Add(_routing.Units.Touched(host));
            if (RouteHosts.IsWildcard(host))
            {
                // Hosts that nothing was said about so far.
                dirty.Add(Covered(host).Select(RouteUnits.OfHost));
            }
        }
    }

    private IEnumerable<string> Covered(string pattern) =>
        index.Services.All.SelectMany(s => RouteTargets.HostsOf(index, s)).Concat(_routing.EntriesOf.Keys).Where(h => RouteHosts.Covers(pattern, h));

    private static SourceMeta Meta(JsonObject manifest, ObjectKey key) => SourceMeta.Read(new JsonView(manifest, ""), key);
}
