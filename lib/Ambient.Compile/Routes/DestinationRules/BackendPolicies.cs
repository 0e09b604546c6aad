using System.Collections.Immutable;
using Ambient.Compile.Index;
using Ambient.Compile.Routes.Linkerd;
using Ambient.Compile.Routes.OwnPolicies;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.DestinationRules;

/// <summary>
/// Which DestinationRules say how a service is treated: those of the namespace of the proxy that chooses endpoints (the client of this file), then the service's, then the root's; in each namespace those
/// with the most specific host, merged. The first namespace that has any wins whole.
/// </summary>
internal static class BackendPolicies
{
    /// <summary>For clients that nothing is said about by name, and for each namespace that something is said about.</summary>
    public static ImmutableArray<BackendPolicy> Of(MeshIndex index, RouteTarget target)
    {
        var policies = ImmutableArray.CreateBuilder<BackendPolicy>();
        var everybody = Rules(index, target, null);
        if (everybody.Count > 0 || Own(index, target))
        {
            policies.Add(Merge(index, target, null, everybody));
        }

        foreach (string client in Clients(index, target))
        {
            var own = Rules(index, target, client);
            if (own.Count > 0 && !own.SequenceEqual(everybody))
            {
                policies.Add(Merge(index, target, client, own));
            }
        }

        return policies.ToImmutable();
    }

    /// <summary>The policy that a client of a namespace meets; null when there is none.</summary>
    public static BackendPolicy? For(MeshIndex index, RouteTarget target, string? client) =>
        Rules(index, target, client) is var rules && (rules.Count > 0 || Own(index, target)) ? Merge(index, target, null, rules) : null;

    public static List<DestinationRuleSource> Rules(MeshIndex index, RouteTarget target, string? client)
    {
        var all = All(index, target);
        bool fromRoot = client is not null && index.Options.IsRoot(client);
        IEnumerable<string> order = [.. client is null || fromRoot ? Array.Empty<string>() : [client], target.Namespace, .. index.Options.RootNamespaces];
        foreach (string ns in order)
        {
            var visible = all.Where(r => r.Rule.Meta.Namespace == ns && Visibility.Includes(r.Rule.ExportTo, ns, client)).ToList();
            if (visible.Count > 0)
            {
                string best = visible[0].Pattern;
                return [.. visible.Where(v => v.Pattern == best).Select(static v => v.Rule).OrderBy(static r => r.Meta, Comparer<SourceMeta>.Create(SourceMeta.ByAge))];
            }
        }

        return [];
    }

    private static IEnumerable<string> Clients(MeshIndex index, RouteTarget target) => All(index, target)
        .SelectMany(r => Visibility.Named(r.Rule.ExportTo, r.Rule.Meta.Namespace).Append(r.Rule.Meta.Namespace))
        .Where(ns => !index.Options.IsRoot(ns)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private static List<(string Pattern, DestinationRuleSource Rule)> All(MeshIndex index, RouteTarget target) =>
    [
        .. index.Routing.Claimants(target.Hostname, RouteKind.DestinationRule)
            .SelectMany(c => c.Keys.Select(k => (c.Pattern, index.Routing.DestinationRules.Find(k)!))),
    ];

    private static bool Own(MeshIndex index, RouteTarget target) => OwnPolicyTargets.BackendOf(index, target.Object) is not null || LinkerdAnnotations.Accrual(index, target) is not null;

    private static BackendPolicy Merge(MeshIndex index, RouteTarget target, string? client, List<DestinationRuleSource> rules)
    {
        var written = rules.Select(static r => r.Policies).FirstOrDefault(static p => p is not null);
        var top = written?.Policy.Over(TrafficPolicy.Default) ?? TrafficPolicy.Default;
        var ports = written?.Ports ?? ImmutableSortedDictionary<int, WrittenPolicy>.Empty;
        return WithOwn(index, target, new BackendPolicy
        {
            Service = target.Key,
            ClientNamespace = client,
            Origins = [.. rules.Select(static r => new RouteOrigin(r.Meta.Kind, r.Meta.Namespace, r.Meta.Name, 0))],
            Default = top,
            Ports = ports.ToImmutableDictionary(static p => p.Key, static p => p.Value.Over(TrafficPolicy.Default)),
            Subsets = [.. rules.SelectMany(static r => r.Subsets).DistinctBy(static s => s.Name).Select(s => Subset(s, top, ports))],
        });
    }

    /// <summary>Failure accrual by annotation where no DestinationRule says anything about outliers; then the service's BackendPolicy over everything.</summary>
    private static BackendPolicy WithOwn(MeshIndex index, RouteTarget target, BackendPolicy policy)
    {
        var accrual = LinkerdAnnotations.Accrual(index, target);
        var own = OwnPolicyTargets.BackendOf(index, target.Object);
        return accrual is null && own is null ? policy : policy with
        {
            Origins = own is null ? policy.Origins : [new RouteOrigin(own.Meta.Kind, own.Meta.Namespace, own.Meta.Name, 0), .. policy.Origins],
            Default = With(policy.Default),
            Ports = policy.Ports.ToImmutableDictionary(static p => p.Key, p => With(p.Value)),
            Subsets = [.. policy.Subsets.Select(s => s with { Policy = s.Policy is null ? null : With(s.Policy), Ports = s.Ports.ToImmutableDictionary(static p => p.Key, p => With(p.Value)) })],
        };

        TrafficPolicy With(TrafficPolicy written)
        {
            var with = accrual is null || written.OutlierDetection is not null ? written : written with { OutlierDetection = accrual };
            return own?.Backend?.Over(with) ?? with;
        }
    }

    /// <summary>A subset's own fields go over those of the port, which go over nothing, or over those of the whole.</summary>
    private static Subset Subset(WrittenSubset subset, TrafficPolicy top, ImmutableSortedDictionary<int, WrittenPolicy> ports)
    {
        if (subset.Policies is not { } own)
        {
            return new Subset { Name = subset.Name, Labels = subset.Labels };
        }

        var byPort = ports.ToDictionary(static p => p.Key, p => own.Policy.Over(p.Value.Over(TrafficPolicy.Default)));
        foreach (var (port, policy) in own.Ports)
        {
            byPort[port] = policy.Over(TrafficPolicy.Default);
        }

        return new Subset { Name = subset.Name, Labels = subset.Labels, Policy = own.Policy.Over(top), Ports = byPort.ToImmutableDictionary() };
    }
}
