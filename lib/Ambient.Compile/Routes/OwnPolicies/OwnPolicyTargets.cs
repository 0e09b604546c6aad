using System.Collections.Immutable;
using Ambient.Compile.Index;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.OwnPolicies;

/// <summary>What RateLimitPolicies and BackendPolicies are attached to, and what they mean there.</summary>
internal static class OwnPolicyTargets
{
    public static IEnumerable<string> HostsOf(MeshIndex index, ObjectKey target) => target.Kind switch
    {
        KnownKinds.Service => [RouteHosts.Full(index.HostnameOf(target.Name, target.Namespace), "", index.Settings.ClusterDomain)],
        KnownKinds.ServiceEntry => (index.ServiceEntries.Find(target)?.Hosts ?? []).Select(static h => h.ToLowerInvariant()),
        _ => [],
    };

    public static bool Exists(MeshIndex index, ObjectKey target) => target.Kind switch
    {
        KnownKinds.Service => index.Services.Find(target) is not null,
        KnownKinds.ServiceEntry => index.ServiceEntries.Find(target) is not null,
        KnownKinds.Gateway => index.Gateways.Find(target) is not null,
        KnownKinds.HttpRoute or KnownKinds.GrpcRoute => index.Routes.Find(target) is not null,
        RouteKind.VirtualService => index.Routing.VirtualServices.Find(target) is not null,
        _ => true,
    };

    /// <summary>The policies of a kind at a target, oldest first.</summary>
    public static IEnumerable<OwnPolicySource> At(MeshIndex index, ObjectKey target, string kind) => index.Routing.OwnPoliciesAt[target]
        .Where(k => k.Kind == kind).Select(index.Routing.OwnPolicies.Find).OfType<OwnPolicySource>().OrderBy(static p => p.Meta, Comparer<SourceMeta>.Create(SourceMeta.ByAge));

    /// <summary>Rules with the limits of the object that they belong to and of the resource that each was written in; both count.</summary>
    public static ImmutableArray<HttpRule> Limited(MeshIndex index, ImmutableArray<HttpRule> rules, ObjectKey owner) =>
        index.Routing.OwnPolicies.Keys.Count == 0 ? rules : [.. rules.Select(r => Limited(index, r, owner))];

    public static ImmutableArray<RateLimit> LimitsAt(MeshIndex index, ObjectKey target) =>
    [
        .. At(index, target, RouteKind.RateLimitPolicy).SelectMany(p => p.Limits.Select(l => p.Targets.Length == 1 ? l
            // A bucket of its own for each target.
            : l with { Origin = l.Origin with { RuleName = $"{l.Origin.RuleIndex} at {KindOf(target)} {target.Name}" } })),
    ];

    /// <summary>The BackendPolicy of a service: the oldest.</summary>
    public static OwnPolicySource? BackendOf(MeshIndex index, ObjectKey service) =>
        At(index, service, RouteKind.BackendPolicy).FirstOrDefault(static p => p.Backend is not null);

    public static string KindOf(ObjectKey key) => key.Kind[(key.Kind.LastIndexOf('/') + 1)..];

    private static HttpRule Limited(MeshIndex index, HttpRule rule, ObjectKey owner)
    {
        string kind = rule.Origin.Kind switch
        {
            "HTTPRoute" => KnownKinds.HttpRoute,
            "GRPCRoute" => KnownKinds.GrpcRoute,
            "VirtualService" => RouteKind.VirtualService,
            _ => "",
        };
        var limits = LimitsAt(index, owner);
        var own = kind.Length == 0 ? [] : LimitsAt(index, new ObjectKey(kind, rule.Origin.Namespace, rule.Origin.Name));
        return limits.IsEmpty && own.IsEmpty ? rule : rule with { RateLimits = [.. limits, .. own, .. rule.RateLimits] };
    }
}
