using System.Collections.Immutable;
using Ambient.Compile.Index;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Compile.Waypoints;
using Ambient.Compile.Workloads;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Resources.Istio.Networking;

namespace Ambient.Compile.Services;

/// <summary>ServiceEntry → a service for each host, and a workload for each endpoint that is written in it.</summary>
internal sealed class ServiceEntryCompiler(MeshIndex index, ServiceEntrySource entry, WaypointBinding? waypoint)
{
    private readonly List<Finding> _findings = [];
    private readonly WaypointCanary? _canary = WaypointCanary.Of(index, entry.Meta, waypoint);

    public UnitOutput Compile()
    {
        var services = new List<MeshService>();
        var served = new List<string>();
        foreach (string host in entry.Hosts)
        {
            Host(host, services, served);
        }

        var workloads = entry.Spec is { } spec && served.Count > 0 ? Endpoints(spec, served) : [];
        var addresses = ReportedAddresses();
        return new UnitOutput
        {
            Services = [.. services],
            Workloads = workloads,
            Status = ResourceChecks.Report(entry.Meta, entry.Refusal, "it has no effect until it is repaired", Conditions()) with { Addresses = addresses },
            Findings = [.. ResourceChecks.Findings(entry.Meta, entry.Refusal, entry.Notes), .. BindingFindings.Of(entry.Meta, waypoint, _canary), .. _findings],
        };
    }

    private void Host(string host, List<MeshService> services, List<string> served)
    {
        string key = $"{entry.Meta.Namespace}/{host}";
        if (IsDynamic && waypoint is not { ForServices: true })
        {
            Warn(FindingCodes.UnsupportedResolution, "spec.hosts", $"{host} needs a waypoint that resolves names of requests, and none is bound; node proxies do not serve it");
            return;
        }

        if (host.StartsWith('*') && !IsDynamic && entry.Spec!.Addresses is not { Count: > 0 })
        {
            Warn(FindingCodes.UnsupportedResolution, "spec.hosts", $"{host} can only be told by its addresses, and there are none; use resolution DYNAMIC_DNS and a waypoint");
            return;
        }

        var winner = index.Hosts.Winner(key);
        if (winner is not null && winner.Key != entry.Meta.Key)
        {
            if (winner.Key.Kind == KnownKinds.Service)
            {
                served.Add(key);
                return;
            }

            Warn(FindingCodes.DuplicateHost, "spec.hosts", $"{host} is served by the older {winner.Kind} {winner.Namespace}/{winner.Name}; this one has no effect for it");
            return;
        }

        if (entry.Spec!.Resolution is null or "NONE" && entry.Spec.Addresses is not { Count: > 0 })
        {
            Warn(FindingCodes.UnsupportedResolution, "spec.addresses", $"{host} has no address by which a connection to it could be told from others: it passes as an unknown destination; use resolution DNS, or addresses");
        }

        else if (entry.Spec is { Resolution: null or "NONE", WorkloadSelector: null, Endpoints: null or { Count: 0 } } && waypoint is { ForServices: true })
        {
            Warn(FindingCodes.UnsupportedResolution, "spec.resolution", $"a waypoint asks endpoints and none are known of {host}: its requests get 503; use resolution DNS or STATIC, or unbind it with ambient.dev/use-waypoint: none");
        }

        services.Add(Service(entry.Spec, host));
        served.Add(key);
    }

    private MeshService Service(ServiceEntrySpec spec, string host) => new()
    {
        Name = entry.Meta.Name,
        Namespace = entry.Meta.Namespace,
        Hostname = host,
        Addresses = [.. Addresses(spec, host)],
        Ports = ServiceEntryPorts.OfService(spec),
        SubjectAltNames = [.. spec.SubjectAltNames ?? []],
        Waypoint = waypoint is { ForServices: true } ? waypoint.Address : null,
        WeightedWaypoints = [.. WaypointCanary.Shares(waypoint, _canary)],
        Balancing = spec.Resolution is null or "NONE" ? Balancing.Default with { Mode = BalancingMode.Passthrough } : Balancing.Default,
        Visibility = spec.ExportTo is ["."] ? ServiceVisibility.Namespace : ServiceVisibility.Public,
    };

    private bool IsDynamic => entry.Spec?.Resolution == "DYNAMIC_DNS";

    /// <summary>What the operator is to write; null when nothing is ours to say.</summary>
    private ImmutableArray<ReportedAddress>? ReportedAddresses()
    {
        if (entry.Spec is not { } spec)
        {
            return null;
        }

        ImmutableArray<ReportedAddress> addresses =
        [
            .. entry.Hosts.Where(h => AutoAddress.Wanted(spec, entry.Meta, h) && index.Hosts.Winner($"{entry.Meta.Namespace}/{h}")?.Key == entry.Meta.Key)
                .SelectMany(h => index.AutoAddresses.For(entry, h).Select(a => ReportedAddress.Of(a.ToString()) with { Host = h })),
        ];
        return addresses.IsEmpty && entry.Allocated.IsEmpty ? null : addresses;
    }

    private ImmutableArray<Condition> Conditions() => _findings.Find(static f => f.Code == FindingCodes.UnsupportedResolution) is { } unsupported
        ? [Condition.True(Condition.Accepted, "Accepted", "in force"), Condition.False(Condition.ZtunnelAccepted, "UnsupportedValue", unsupported.Message)]
        : [];

    private IEnumerable<ServiceAddress> Addresses(ServiceEntrySpec spec, string host)
    {
        // Automatic ones count once they are written: until then replicas could differ.
        IEnumerable<string> written = spec.Addresses is { Count: > 0 } own ? own
            : !AutoAddress.Wanted(spec, entry.Meta, host) ? []
            : entry.Allocated.Where(a => a.Host.Length == 0 || (a.Host == host && index.AutoAddresses.IsOf(entry.Meta.Key, a.Address))).Select(static a => a.Address.ToString());
        foreach (string text in written)
        {
            if (IpText.TryRange(text, out var range))
            {
                int bits = range.BaseAddress.GetAddressBytes().Length * 8;
                yield return new ServiceAddress(index.Options.Network, range.BaseAddress, range.PrefixLength == bits ? null : range.PrefixLength);
            }
        }
    }

    private ImmutableArray<Workload> Endpoints(ServiceEntrySpec spec, List<string> served)
    {
        if (spec.Resolution is "DNS" or "DNS_ROUND_ROBIN" or "DYNAMIC_DNS" && spec.Endpoints is null or { Count: 0 } && spec.WorkloadSelector is null)
        {
            // The host itself is the endpoint; of a wildcard the one that a request asks for.
            return [.. served.Select(key => Endpoint(spec, new WorkloadEntrySpec { Address = key[(entry.Meta.Namespace.Length + 1)..] }, [key]))];
        }

        return [.. (spec.Endpoints ?? []).Where(Own).Select(e => Endpoint(spec, e, served)).DistinctBy(static w => w.Uid)];
    }

    private bool Own(WorkloadEntrySpec endpoint)
    {
        if (!IpText.TryAddress(endpoint.Address!, out var address) || !index.Claims.IsOfWorkload(address))
        {
            return true;
        }

        var winner = index.Claims.Winner(address)!;
        Warn(FindingCodes.DuplicateAddress, "spec.endpoints",
            $"{address} belongs to {winner.Kind} {winner.Namespace}/{winner.Name}; choose it by workloadSelector instead");
        return false;
    }

    private Workload Endpoint(ServiceEntrySpec spec, WorkloadEntrySpec endpoint, IReadOnlyList<string> served)
    {
        var uid = $"{index.Options.ClusterId}/networking.istio.io/ServiceEntry/{entry.Meta.Namespace}/{entry.Meta.Name}/{endpoint.Address}";
        var ports = ServiceEntryPorts.OfEndpoint(spec, endpoint.Ports);
        return EntryWorkload.Of(index, entry.Meta, uid, endpoint) with
        {
            Services = served.ToImmutableDictionary(static key => key, _ => ports),
        };
    }

    private void Warn(string code, string field, string message) =>
        _findings.Add(new Finding(code, FindingLevel.Warning, entry.Meta.Kind, entry.Meta.Namespace, entry.Meta.Name, field, message));
}
