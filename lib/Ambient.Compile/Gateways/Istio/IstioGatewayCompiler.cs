using Ambient.Compile.Gateways.Running;
using Ambient.Compile.Index;
using Ambient.Compile.Reports;
using Ambient.Compile.Routes;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Gateways;

namespace Ambient.Compile.Gateways.Istio;

/// <summary>An Istio Gateway → the routes of its servers, and whether a gateway runs that serves them.</summary>
internal static class IstioGatewayCompiler
{
    private const string Consequence = "it has no effect until it is repaired";

    public static UnitOutput Compile(MeshIndex index, IstioGatewaySource gateway)
    {
        HashSet<ObjectKey> dependencies = [];
        var tables = new IstioGatewayTables(index, gateway, dependencies).All();
        var running = RunningGateways.Serving(index, gateway).ToList();
        var problems = running.SelectMany(r => Problems(index, r, gateway, dependencies)).Distinct().ToList();
        var unreachable = Unreachable(index, gateway, running, dependencies);
        index.Routing.Units.Set(gateway.Meta.Key, dependencies);
        string served = string.Join(", ", running.Select(static r => r.Name.ToString()));
        var programmed = gateway.Servers.IsEmpty ? Condition.False(Condition.Programmed, "Invalid", "it has no valid server")
            : running.Count == 0 ? Condition.False(Condition.Programmed, "NoGateway", Unserved(gateway))
            : problems.Count == 0 ? Condition.True(Condition.Programmed, "Programmed", $"served by {served}")
            : problems.Count < gateway.Servers.Length ? Condition.True(Condition.Programmed, "ServersNotValid", $"served by {served}, but not all of it: {Text(problems)}")
            : Condition.False(Condition.Programmed, "ServersNotValid", Text(problems));
        return new UnitOutput
        {
            Resources = tables,
            Status = ResourceChecks.Report(gateway.Meta, gateway.Refusal, Consequence, Condition.True(Condition.Accepted, "Accepted", "the Gateway is valid"), programmed),
            Findings = [.. ResourceChecks.Findings(gateway.Meta, gateway.Refusal, gateway.Notes), .. Further(gateway, running, problems, unreachable)],
        };
    }

    private static IEnumerable<(string Path, string Problem)> Problems(MeshIndex index, RunningGateway running, IstioGatewaySource gateway, HashSet<ObjectKey> dependencies) =>
        GatewayConfigCompiler.Servers(index, running, GatewayConfigCompiler.Own(index, running, dependencies, []), dependencies, [])
            .Where(s => s.Gateway.Meta.Key == gateway.Meta.Key && s.Problem is not null).Select(static s => (s.Server.Path, s.Problem!));

    /// <summary>Servers on ports that the Service in front of a gateway's pods does not have: its Gateway's listeners decide which it has.</summary>
    private static List<(string Path, string Missing)> Unreachable(MeshIndex index, IstioGatewaySource gateway, List<RunningGateway> running, HashSet<ObjectKey> dependencies)
    {
        List<(string, string)> missing = [];
        foreach (var source in running.Select(static r => r.Source).OfType<GatewaySource>())
        {
            var key = source.ServiceByHand
                ?? new ObjectKey(KnownKinds.Service, source.Meta.Namespace, GatewayNames.Workload(source.Meta.Name, source.Class, GatewayClasses.RoleOf(index, source.Class)));
            dependencies.Add(RouteUnits.OfHost(RouteHosts.Full(index.HostnameOf(key.Name, key.Namespace), "", index.Settings.ClusterDomain)));
            if (index.Services.Find(key) is { } service)
            {
                missing.AddRange(gateway.Servers.Where(s => !service.Ports.Any(p => p.Port == s.Port)).Select(s => (
                    $"{s.Path}.port", $"Service {key.Namespace}/{key.Name} has no port {s.Port}: from outside it cannot be reached; give Gateway {source.Meta.Namespace}/{source.Meta.Name} a listener on that port")));
            }
        }

        return missing;
    }

    private static string Text(List<(string Path, string Problem)> problems) => string.Join("; ", problems.Take(3).Select(static p => $"{p.Path}: {p.Problem}"));

    private static string Unserved(IstioGatewaySource gateway) =>
        $"no gateway of ours runs with the labels {string.Join(",", gateway.Selector.OrderBy(static s => s.Key, StringComparer.Ordinal).Select(static s => $"{s.Key}={s.Value}"))}: create a Gateway "
        + "(gateway.networking.k8s.io) of class ambient, or ambient-east-west, with these in spec.infrastructure.labels";

    private static IEnumerable<Finding> Further(
        IstioGatewaySource gateway, List<RunningGateway> running, List<(string Path, string Problem)> problems, List<(string Path, string Missing)> unreachable)
    {
        if (running.Count == 0)
        {
            yield return Finding(FindingCodes.GatewayNotProgrammed, FindingLevel.Warning, "spec.selector", Unserved(gateway));
        }

        foreach (var (path, problem) in problems)
        {
            yield return Finding(FindingCodes.InvalidField, FindingLevel.Error, path, problem);
        }

        foreach (var (path, missing) in unreachable)
        {
            yield return Finding(FindingCodes.GatewayNotProgrammed, FindingLevel.Warning, path, missing);
        }

        foreach (var server in gateway.Servers.Where(static s => s.Protocol == ListenerProtocol.AutoPassthrough))
        {
            yield return Finding(FindingCodes.NeedsWaypoint, FindingLevel.Info, server.Path, "AUTO_PASSTHROUGH is programmed; it has an effect once other clusters are joined");
        }

        Finding Finding(string code, FindingLevel level, string field, string message) =>
            new(code, level, gateway.Meta.Kind, gateway.Meta.Namespace, gateway.Meta.Name, field, message);
    }
}
