using System.Collections.Immutable;
using Ambient.Compile.Index;
using Ambient.Compile.Reports;
using Ambient.Compile.Routes.RateLimits;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Routes.ServiceProfiles;
using Ambient.Compile.Routes.TrafficSplits;
using Ambient.Compile.Routes.VirtualServices;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Routes;

/// <summary>What people are told about ServiceProfiles, TrafficSplits, HTTPRouteGroups and EnvoyFilters.</summary>
internal sealed class SplitCompilers(MeshIndex index)
{
    public UnitOutput Profile(ServiceProfileSource profile)
    {
        HashSet<ObjectKey> dependencies = [RouteUnits.OfHost(profile.Host)];
        var problems = new RouteProblems(profile.Meta);
        Host(profile.Host, profile.Meta, "metadata.name", problems, t => ProfileRules.Profile(index, t)?.Meta);
        Backends(profile.Overrides, profile.Meta, dependencies, problems);
        return Output(profile.Meta, profile.Refusal, profile.Notes, problems, dependencies);
    }

    public UnitOutput Split(TrafficSplitSource split)
    {
        HashSet<ObjectKey> dependencies = [RouteUnits.OfHost(split.Host), .. split.Groups];
        var problems = new RouteProblems(split.Meta);
        if (split.Host.Length > 0)
        {
            Host(split.Host, split.Meta, "spec.service", problems, t => ProfileRules.Split(index, t)?.Meta);
        }

        Backends(split.Backends, split.Meta, dependencies, problems);
        Ports(split, problems);
        foreach (var group in split.Groups.Where(g => index.Routing.RouteGroups.Find(g) is null))
        {
            problems.Warn(FindingCodes.BackendUnresolved, "spec.matches", $"there is no HTTPRouteGroup {group.Namespace}/{group.Name}: it matches nothing");
        }

        return Output(split.Meta, split.Refusal, split.Notes, problems, dependencies);
    }

    public UnitOutput Group(RouteGroupSource group) => Output(group.Meta, group.Refusal, group.Notes, new RouteProblems(group.Meta), []);

    public UnitOutput Filter(EnvoyFilterSource filter)
    {
        var problems = new RouteProblems(filter.Meta);
        if (!filter.Limits.IsEmpty && !ServiceLimits.ServicesOf(index, filter).Any())
        {
            problems.Warn(FindingCodes.PolicySelectsNothing, "spec.workloadSelector", "no service has only pods that are selected, so nothing is limited; select by labels that the service selects by");
        }

        return Output(filter.Meta, filter.Refusal, [], problems, []);
    }

    private void Host(string host, SourceMeta meta, string field, RouteProblems problems, Func<RouteTarget, SourceMeta?> winner)
    {
        if (RouteTargets.Find(index, host, meta.Namespace) is not { } target)
        {
            problems.Warn(FindingCodes.RouteHostUnknown, field, $"no Service or ServiceEntry has the host {host}, so it has no effect");
            return;
        }

        if (winner(target) is { } won && won.Key != meta.Key)
        {
            problems.Warn(FindingCodes.RouteHostShared, field, $"{meta.Kind} {won.Namespace}/{won.Name} comes first for {host}; this one has no effect");
        }
        else if (HostVirtualServices.Find(index, host, null, VirtualServiceSource.Mesh) is [var first, ..])
        {
            problems.Warn(FindingCodes.RouteOutranked, field, $"{host} is routed by VirtualService {first.Meta.Namespace}/{first.Meta.Name}, which comes before a {meta.Kind}; this one has no effect");
        }
    }

    private void Backends(ImmutableArray<WrittenDestination> destinations, SourceMeta meta, HashSet<ObjectKey> dependencies, RouteProblems problems)
    {
        foreach (var destination in destinations)
        {
            int called = RouteTargets.Find(index, destination.Host, meta.Namespace) is { Ports: [var any, ..] } ? any : 0;
            new Backends(index, null, called, dependencies).Resolve(destination with { KeepsPort = false }, meta.Namespace, out string? missing);
            if (missing is not null)
            {
                problems.Warn(FindingCodes.BackendUnresolved, destination.Path, $"{missing}; its share of the requests gets 503");
            }
        }
    }

    private void Ports(TrafficSplitSource split, RouteProblems problems)
    {
        var root = split.Host.Length > 0 ? RouteTargets.Find(index, split.Host, split.Meta.Namespace) : null;
        foreach (var backend in root is null ? [] : split.Backends)
        {
            if (RouteTargets.Find(index, backend.Host, split.Meta.Namespace) is { } target && root!.Ports.FirstOrDefault(p => !target.Ports.Contains(p)) is > 0 and var port)
            {
                problems.Warn(FindingCodes.BackendUnresolved, backend.Path, $"service {target.Key} has no port {port}, which the root has: it takes no part in requests to that port");
            }
        }
    }

    private UnitOutput Output(SourceMeta meta, Refusal? refusal, ImmutableArray<Finding> notes, RouteProblems problems, HashSet<ObjectKey> dependencies)
    {
        index.Routing.Units.Set(meta.Key, dependencies);
        return new UnitOutput
        {
            Status = RouteReports.Status(meta, refusal),
            Findings = RouteReports.Findings(meta, refusal, notes, problems.Warnings),
        };
    }
}
