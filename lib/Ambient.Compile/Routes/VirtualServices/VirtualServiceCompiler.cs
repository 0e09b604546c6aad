using System.Collections.Immutable;
using Ambient.Compile.Index;
using Ambient.Compile.Reports;
using Ambient.Compile.Routes.HttpRoutes;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Routes.VirtualServices;

/// <summary>What people are told about a VirtualService: whether it is accepted, and which of its rules lead nowhere or are never reached.</summary>
internal sealed class VirtualServiceCompiler(MeshIndex index, VirtualServiceSource service)
{
    private const int MaxNamed = 4;

    private readonly HashSet<ObjectKey> _dependencies = [];
    private readonly RouteProblems _problems = new(service.Meta);

    public UnitOutput Compile()
    {
        var output = new UnitOutput
        {
            Status = RouteReports.Status(service.Meta, service.Refusal),
            Findings = RouteReports.Findings(service.Meta, service.Refusal, service.Notes, Look()),
        };
        index.Routing.Units.Set(service.Meta.Key, _dependencies);
        return output;
    }

    private ImmutableArray<Finding> Look()
    {
        foreach (string host in service.InMesh ? service.Hosts : [])
        {
            Host(host);
        }

        bool total = false;
        foreach (var rule in service.Http)
        {
            if (total)
            {
                _problems.Warn(FindingCodes.RouteNeverReached, rule.Path, "is never reached: a rule before it takes every request");
                break;
            }

            total = rule.Matches.IsEmpty ? rule.Delegate is null : rule.Matches.Any(static m => m.TakesAll && m.Gateways.IsEmpty);
            Rule(rule);
        }

        return _problems.Warnings;
    }

    private void Host(string host)
    {
        _dependencies.Add(RouteUnits.OfHost(host));
        if (RouteHosts.IsWildcard(host))
        {
            return;
        }

        var target = RouteTargets.Find(index, host, service.Meta.Namespace);
        if (target is not null && target.Ports.Prepend(0).SelectMany(p => HostHttpRoutes.Find(index, target, null, p)).FirstOrDefault() is { } stronger)
        {
            _problems.Warn(FindingCodes.RouteOutranked, "spec.hosts",
                $"{host} has {stronger.Meta.Kind} {stronger.Meta.Namespace}/{stronger.Meta.Name}, which comes before a VirtualService; the http rules of this one have no effect where that is attached");
        }

        if (target is null)
        {
            _problems.Warn(FindingCodes.RouteHostUnknown, "spec.hosts", $"no Service or ServiceEntry has the host {host}, so the rules have no effect for it within the mesh");
        }

        var rivals = HostVirtualServices.Find(index, host, service.Meta.Namespace, VirtualServiceSource.Mesh);
        string[] others = [.. rivals.Where(r => r.Meta.Key != service.Meta.Key).Select(static r => $"{r.Meta.Namespace}/{r.Meta.Name}")];
        _dependencies.UnionWith(rivals.Select(static r => r.Meta.Key).Where(k => k != service.Meta.Key));
        if (others.Length > 0)
        {
            _problems.Warn(FindingCodes.RouteHostShared, "spec.hosts",
                $"{host} is routed by VirtualService {string.Join(", ", others.Take(MaxNamed))}{(others.Length > MaxNamed ? $" and {others.Length - MaxNamed} more" : "")} too; their rules are merged, the oldest first, rules for everything last");
        }
    }

    private void Rule(WrittenRule rule)
    {
        if (rule.Delegate is { } key)
        {
            _dependencies.Add(key);
            if (HostVirtualServices.DelegateProblem(index, key, service) is { } problem)
            {
                _problems.Warn(FindingCodes.BackendUnresolved, $"{rule.Path}.delegate", $"{problem}; the requests get 503");
            }
        }

        // A port that is not written follows the one that is called; any that the service has will do to look.
        foreach (var (destination, lost) in rule.Destinations.Select(static d => (d, "its share of the requests gets 503"))
            .Concat(rule.Mirrors.Select(static m => (m.Destination, "nothing is copied to it"))))
        {
            int called = RouteTargets.Find(index, destination.Host, service.Meta.Namespace) is { Ports: [var first, ..] } ? first : 0;
            new Backends(index, service.Meta.Namespace, called, _dependencies).Resolve(destination, service.Meta.Namespace, out string? missing);
            if (missing is not null)
            {
                _problems.Warn(FindingCodes.BackendUnresolved, destination.Path, $"{missing}; {lost}");
            }
        }
    }
}
