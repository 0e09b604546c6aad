using System.Collections.Immutable;
using Ambient.Compile.Gateways.Listeners;
using Ambient.Compile.Index;
using Ambient.Compile.Reports;
using Ambient.Compile.Routes;
using Ambient.Compile.Routes.Linkerd;
using Ambient.Compile.Sources;
using Ambient.Compile.Waypoints;

namespace Ambient.Compile.Gateways;

/// <summary>A route → its <c>status.parents</c>, one entry for each parent that is ours to speak about.</summary>
internal sealed class RouteCompiler(MeshIndex index, RouteSource route)
{
    /// <summary>Ours, since Gateway API v1 has no word for a route that is accepted and that no proxy applies.</summary>
    private const string Programmed = "ambient.dev/Programmed";

    private readonly List<Finding> _findings = [];

    public UnitOutput Compile()
    {
        var parents = ImmutableArray.CreateBuilder<ParentReport>();
        for (int i = 0; i < route.Parents.Length; i++)
        {
            if (Conditions(route.Parents[i], $"spec.parentRefs[{i}]") is { IsDefaultOrEmpty: false } conditions)
            {
                parents.Add(new ParentReport(route.Parents[i], StatusReport.Controller, conditions));
            }
        }

        if (route.Parents.IsEmpty)
        {
            Warn(FindingCodes.NotAttached, "spec.parentRefs", "attaches to nothing, so it has no effect; name a Gateway or a Service");
        }

        return new UnitOutput
        {
            Status = new StatusReport
            {
                ApiVersion = route.Meta.ApiVersion,
                Kind = route.Meta.Kind,
                Namespace = route.Meta.Namespace,
                Name = route.Meta.Name,
                Generation = route.Meta.Generation,
                Parents = parents.ToImmutable(),
            },
            Findings =
            [
                .. Refusal is { } refusal
                    ? [.. refusal.Problems, RefusalReports.Finding(route.Meta, refusal, "requests that it would take get 500 until it is repaired")]
                    : ImmutableArray<Finding>.Empty,
                .. _findings.Distinct(),
                .. LinkerdFindings.OfRoute(route.Meta, route.Parents.Any(p => route.KeyOf(p) is { Kind: not KnownKinds.Gateway })),
            ],
        };
    }

    /// <summary>Empty for a parent that is not ours.</summary>
    private ImmutableArray<Condition> Conditions(ParentRef parent, string path)
    {
        if (route.KeyOf(parent) is not { } key)
        {
            Warn(FindingCodes.NotAttached, $"{path}.kind", $"routes do not attach to {parent.Group}/{parent.Kind}; name a Gateway or a Service");
            return [];
        }

        bool mesh = key.Kind is not (KnownKinds.Gateway or KnownKinds.ListenerSet);
        var gateway = mesh ? null : ListenerSets.GatewayOf(index, key);
        if (!mesh && gateway is null)
        {
            Warn(FindingCodes.NotAttached, path, key.Kind == KnownKinds.ListenerSet && index.ListenerSets.Find(key) is not null
                ? $"the Gateway of ListenerSet {key.Namespace}/{key.Name} is not there; the route has no effect there"
                : $"there is no {RouteKinds.Short(key.Kind)} {key.Namespace}/{key.Name}; the route has no effect there");
            return [];
        }

        var judged = mesh ? OfMesh(key, parent) : OfGateway(gateway!, parent);
        if (judged is not { } verdict)
        {
            return [];
        }

        if (verdict.Reason is not null)
        {
            Warn(FindingCodes.NotAttached, path, verdict.Message);
        }

        string? unbound = mesh && !IsBound(key)
            ? $"{key.Kind[(key.Kind.LastIndexOf('/') + 1)..]} {key.Namespace}/{key.Name} is bound to no waypoint, and only a waypoint applies routes"
            : null;
        Warn(FindingCodes.GatewayNotProgrammed, path, $"accepted, but not in effect: {unbound}", verdict.Reason is null && unbound is not null);
        return
        [
            verdict.Reason is not null ? Condition.False(Condition.Accepted, verdict.Reason, verdict.Message)
                : Refusal is { } refusal ? Condition.False(Condition.Accepted, refusal.Reason, refusal.Message)
                : Condition.True(Condition.Accepted, "Accepted", verdict.Message),
            Resolved(grants: !mesh),
            verdict.Reason is not null ? Condition.False(Programmed, "NotAccepted", "the parent does not take the route")
                : Refusal is { LastGoodInForce: false } ? Condition.False(Programmed, "NotAccepted", "refused: requests that it would take get 500 until it is repaired")
                : unbound is not null ? Condition.False(Programmed, "NoWaypoint", unbound)
                : Condition.True(Programmed, "Programmed", Refusal is not null ? "its last good version is applied" : mesh ? "applied by the waypoint of its parent" : "applied by the Gateway"),
        ];
    }

    private Refusal? Refusal => index.Routing.HttpRoutes.Find(route.Meta.Key)?.Refusal ?? index.Routing.StreamRoutes.Find(route.Meta.Key)?.Refusal
        ?? index.Routing.DatagramRoutes.Find(route.Meta.Key)?.Refusal;

    private (string? Reason, string Message)? OfGateway(GatewaySource gateway, ParentRef parent)
    {
        var role = GatewayClasses.RoleOf(index, gateway.Class);
        return role == GatewayRole.Foreign ? null : new RouteAttachment(index, gateway, role, route).Judge(parent);
    }

    private (string? Reason, string Message)? OfMesh(ObjectKey key, ParentRef parent)
    {
        if (route.Meta.Key.Kind == KnownKinds.UdpRoute)
        {
            return ("UnsupportedValue", "datagrams within the mesh go past its proxies; name a Gateway with a UDP listener");
        }

        string name = $"{key.Kind[(key.Kind.LastIndexOf('/') + 1)..]} {key.Namespace}/{key.Name}";
        if (index.Services.Find(key) is null && index.ServiceEntries.Find(key) is null)
        {
            return ("NoMatchingParent", $"there is no {name}");
        }

        if (index.Services.Find(key) is { IsExternalName: true })
        {
            return ("UnsupportedValue", $"{name} is only a name for something outside (type ExternalName); routes attach to services that have addresses");
        }

        var ports = ParentPorts.Of(index, key, parent);
        if (ports.IsEmpty && !ParentPorts.IsWhole(parent))
        {
            return ("NoMatchingParent", $"{name} has no port{(parent.SectionName is { } section ? $" named {section}" : "")}{(parent.Port is { } port ? $" {port}" : "")}");
        }

        // Where some of its ports are left to it, it is attached.
        var rivals = ports.Select(p => Stronger(key, p)).ToList();
        return rivals is [{ } stronger, ..] && rivals.TrueForAll(static r => r is not null)
            ? ("Conflicted", $"{stronger.Meta.Kind} {stronger.Meta.Namespace}/{stronger.Meta.Name} is attached to {name} too and comes before a {route.Meta.Kind}")
            : (null, $"attached to {name}");
    }

    /// <summary>Another kind of route for the same callers: consumer routes of a namespace have nothing to do with others.</summary>
    private RouteSource? Stronger(ObjectKey key, int port) => index.RoutesOf[key].Order().Select(index.Routes.Find).OfType<RouteSource>()
        .FirstOrDefault(other => other.Meta.Key.Kind != KnownKinds.UdpRoute && Rank(other) < Rank(route) && other.Meta.Namespace == route.Meta.Namespace
            && other.Parents.Any(p => other.KeyOf(p) == key && ParentPorts.Of(index, key, p).Contains(port)));

    private static int Rank(RouteSource route) => RouteKinds.ByPrecedence.IndexOf(route.Meta.Key.Kind);

    private bool IsBound(ObjectKey key) =>
        (index.Services.Find(key)?.Meta ?? index.ServiceEntries.Find(key)?.Meta) is { } meta && WaypointBinding.OfService(index, meta) is not null;

    private Condition Resolved(bool grants)
    {
        (string Reason, string Message)? first = null;
        foreach (var backend in route.Backends)
        {
            if (BackendCheck.Problem(index, route.Meta, backend, grants) is { } problem)
            {
                Warn(FindingCodes.BackendUnresolved, backend.Path, problem.Message);
                first ??= problem;
            }
        }

        foreach (var (path, type) in route.Extensions)
        {
            string why = $"the filter {type} is not supported; requests that it is for get 500";
            Warn(FindingCodes.BackendUnresolved, path, why);
            first ??= ("InvalidKind", why);
        }

        return first is { } wrong
            ? Condition.False(Condition.ResolvedRefs, wrong.Reason, wrong.Message)
            : Condition.True(Condition.ResolvedRefs, "ResolvedRefs", "all backends are there");
    }

    private void Warn(string code, string field, string message, bool when = true)
    {
        if (when)
        {
            _findings.Add(new Finding(code, FindingLevel.Warning, route.Meta.Kind, route.Meta.Namespace, route.Meta.Name, field, message));
        }
    }
}
