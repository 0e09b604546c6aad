using System.Collections.Immutable;
using Ambient.Compile.Gateways.Listeners;
using Ambient.Compile.Index;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Compile.Waypoints;

namespace Ambient.Compile.Gateways;

/// <summary>
/// Gateway → the policies of a waypoint, the routes of its listeners, and the status of a Gateway of ours: accepted when it is valid, programmed when its Service has
/// an address and one of its pods is ready (Gateway API v1, GatewayConditionType).
/// </summary>
internal static class GatewayCompiler
{
    /// <summary>Annotation by which HTTP/3 is asked for.</summary>
    public const string Http3 = "ambient.dev/http3";

    public static UnitOutput Compile(MeshIndex index, GatewaySource gateway)
    {
        var output = WaypointPolicies.Compile(index, gateway);
        var role = GatewayClasses.RoleOf(index, gateway.Class);
        HashSet<ObjectKey> dependencies = [];
        if (role == GatewayRole.Foreign)
        {
            index.Routing.Units.Set(gateway.Meta.Key, dependencies);
            return output;
        }

        var standing = GatewayStanding.Of(index, gateway, role);
        var planner = new ListenerPlanner(index, gateway, role, dependencies);
        var plans = planner.All();
        var tables = role == GatewayRole.Waypoint ? [] : new GatewayTables(index, gateway, role, dependencies).Of(plans);
        var (backend, problem) = BackendCertificate(index, gateway, dependencies);
        index.Routing.Units.Set(gateway.Meta.Key, dependencies);
        ImmutableArray<ListenerPlan> own = [.. plans.Where(static p => !p.Listener.IsOfSet)];
        var listeners = ListenerReports.Of(index, gateway, role, own, standing);
        ImmutableArray<Condition> conditions = [.. Conditions(gateway, GatewayAcceptance.Of(gateway, own, standing, planner.HasSets), standing), .. backend];
        return output with
        {
            Resources = tables,
            Status = ResourceChecks.Report(gateway.Meta, null, "", conditions) with
            {
                Listeners = listeners,
                Addresses = standing.Addresses,
                AttachedListenerSets = AttachedSets(index, gateway, role, plans, conditions[0]),
            },
            Findings = problem is null ? Findings(gateway, listeners, conditions, standing) : [.. Findings(gateway, listeners, conditions, standing), problem],
        };
    }

    /// <summary>Whether the certificate for backends is there, where one is named (GatewayConditionResolvedRefs).</summary>
    private static (ImmutableArray<Condition> Conditions, Finding? Problem) BackendCertificate(MeshIndex index, GatewaySource gateway, HashSet<ObjectKey> dependencies)
    {
        if (gateway.ClientCertificate is not { } named)
        {
            return ([], null);
        }

        var (secret, reason, message) = new CertificateCheck(index, gateway.Meta.Namespace, dependencies).Certificate(named);
        return secret is not null
            ? ([Condition.True(Condition.ResolvedRefs, "ResolvedRefs", "nothing is missing")], null)
            : ([Condition.False(Condition.ResolvedRefs, reason == "RefNotPermitted" ? reason : "InvalidClientCertificateRef", $"{message}; backends that are spoken to by TLS are refused")],
                new Finding(FindingCodes.InvalidField, FindingLevel.Error, gateway.Meta.Kind, gateway.Meta.Namespace, gateway.Meta.Name, named.Path, $"{message}; backends that are spoken to by TLS are refused"));
    }

    /// <summary>Null where nothing has to do with ListenerSets: an older Gateway API has no such field.</summary>
    private static int? AttachedSets(MeshIndex index, GatewaySource gateway, GatewayRole role, ImmutableArray<ListenerPlan> plans, Condition accepted) =>
        role == GatewayRole.Waypoint || (gateway.AllowedListeners is null && index.ListenerSetsOf[gateway.Meta.Key].Count == 0) ? null
        : accepted.Status != "True" ? 0
        : plans.Where(static p => p.Listener.IsOfSet && p.IsValid).Select(static p => p.Listener.Owner).Distinct().Count();

    private static ImmutableArray<Condition> Conditions(GatewaySource gateway, Condition accepted, GatewayStanding standing)
    {
        return
        [
            accepted,
            accepted.Status == "True"
                ? standing.Programmed
                : Condition.False(Condition.Programmed, "Invalid", "the Gateway is not accepted"),
            .. gateway.Listeners.Any(l => gateway.ClientsOf(l) is { InsecureFallback: true })
                ? [Condition.True("InsecureFrontendValidationMode", "ConfigurationChanged", "AllowInsecureFallback: clients without a valid certificate are let in")]
                : ImmutableArray<Condition>.Empty,
            .. gateway.Meta.Annotation(Http3) == "true"
                ? [Condition.False("ambient.dev/HTTP3", "NotServed", "HTTP/3 is off: this version does not serve it, with libmsquic or without; HTTP/1.1 and HTTP/2 are served, and alt-svc is not sent")]
                : ImmutableArray<Condition>.Empty,
        ];
    }

    private static ImmutableArray<Finding> Findings(
        GatewaySource gateway, ImmutableArray<ListenerReport> listeners, ImmutableArray<Condition> conditions, GatewayStanding standing)
    {
        var findings = ImmutableArray.CreateBuilder<Finding>();
        if (conditions[0] is { Status: "False", Reason: "Invalid" } invalid)
        {
            findings.Add(Finding(FindingCodes.InvalidField, FindingLevel.Error, "spec.listeners", invalid.Message));
        }

        for (int i = 0; i < listeners.Length; i++)
        {
            foreach (var c in listeners[i].Conditions.Where(static c => c.Type != Condition.Programmed && c.Status == (c.Type == Condition.Conflicted ? "True" : "False")))
            {
                findings.Add(Finding(FindingCodes.InvalidField, FindingLevel.Error, $"spec.listeners[{i}]", c.Message));
            }
        }

        if (conditions[0] is { Status: "False", Reason: "InvalidParameters" } parameters)
        {
            findings.Add(Finding(FindingCodes.InvalidField, FindingLevel.Error, "spec.infrastructure.parametersRef", parameters.Message));
        }

        // Before anything of it is there, as in files, it is only too early to say.
        if (conditions[0].Status == "True" && standing is { Programmed.Status: "False", HasBegun: true })
        {
            findings.Add(Finding(FindingCodes.GatewayNotProgrammed, FindingLevel.Warning, "", $"{standing.Programmed.Message}; traffic bound to it is refused meanwhile"));
        }

        return findings.ToImmutable();

        Finding Finding(string code, FindingLevel level, string field, string message) =>
            new(code, level, gateway.Meta.Kind, gateway.Meta.Namespace, gateway.Meta.Name, field, message);
    }
}
