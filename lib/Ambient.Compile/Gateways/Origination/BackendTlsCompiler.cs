using System.Collections.Immutable;
using Ambient.Compile.Gateways.Listeners;
using Ambient.Compile.Index;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Gateways.Origination;

/// <summary>
/// What people are told about a BackendTLSPolicy: an entry of <c>status.ancestors</c> for each Gateway of ours whose routes lead to its targets, or
/// for the targets where none does.
/// </summary>
internal sealed class BackendTlsCompiler(MeshIndex index, BackendTlsSource policy)
{
    /// <summary>PolicyStatus has room for no more.</summary>
    private const int MostAncestors = 16;

    private readonly HashSet<ObjectKey> _dependencies = [];

    public UnitOutput Compile()
    {
        var conditions = Conditions();
        index.Routing.Units.Set(policy.Meta.Key, _dependencies);
        return new UnitOutput
        {
            Status = new StatusReport
            {
                ApiVersion = policy.Meta.ApiVersion,
                Kind = policy.Meta.Kind,
                Namespace = policy.Meta.Namespace,
                Name = policy.Meta.Name,
                Generation = policy.Meta.Generation,
                Ancestors = [.. Ancestors().Take(MostAncestors).Select(a => new ParentReport(a, StatusReport.Controller, conditions))],
            },
            Findings =
            [
                .. conditions.Where(static c => c.Status == "False").Select(c => new Finding(
                    FindingCodes.InvalidField, FindingLevel.Error, policy.Meta.Kind, policy.Meta.Namespace, policy.Meta.Name, "", c.Message)).DistinctBy(static f => f.Message),
            ],
        };
    }

    private ImmutableArray<Condition> Conditions()
    {
        var (tls, reason, message) = BackendTls.Of(index, policy, _dependencies);
        Condition resolved = reason is null
            ? Condition.True(Condition.ResolvedRefs, "ResolvedRefs", "nothing is missing")
            : Condition.False(Condition.ResolvedRefs, reason, message);
        return
        [
            policy.Problem is { } problem ? Condition.False(Condition.Accepted, "Invalid", problem)
                : Rival() is { } rival ? Condition.False(Condition.Accepted, "Conflicted", $"BackendTLSPolicy {rival.Meta.Namespace}/{rival.Meta.Name} is older and has the same target")
                : tls.Invalid is { } invalid ? Condition.False(Condition.Accepted, "NoValidCACertificate", $"{invalid}; connections are refused, not made without TLS")
                : Condition.True(Condition.Accepted, "Accepted", "backends are spoken to by TLS"),
            resolved,
        ];
    }

    private BackendTlsSource? Rival() =>
        policy.Targets.Select(t => BackendTls.Winner(index, policy, t)).FirstOrDefault(w => w.Meta.Key != policy.Meta.Key);

    private IEnumerable<ParentRef> Ancestors()
    {
        var gateways = policy.Targets.SelectMany(t => index.RoutesOf[t.Target]).Distinct().Select(index.Routes.Find).OfType<RouteSource>()
            .Where(r => r.Backends.Any(b => policy.Targets.Any(t => t.Target == b.Key)))
            .SelectMany(static r => r.Parents.Select(r.KeyOf).OfType<ObjectKey>()).Where(static k => k.Kind is KnownKinds.Gateway or KnownKinds.ListenerSet)
            .Select(k => ListenerSets.GatewayOf(index, k)?.Meta.Key).OfType<ObjectKey>().Distinct().Order()
            .Where(k => index.Gateways.Find(k) is { } g && GatewayClasses.RoleOf(index, g.Class) != GatewayRole.Foreign).ToList();
        return gateways.Count > 0
            ? gateways.Select(static g => new ParentRef(RouteSource.Group, "Gateway", g.Namespace, g.Name, null, null))
            : policy.Targets.Select(static t => BackendTlsSource.Reference(t.Target)).Distinct();
    }
}
