using System.Collections.Immutable;
using Ambient.Compile.Index;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.VirtualServices;

/// <summary>The VirtualServices that speak for a host, and their rules as one list.</summary>
internal static class HostVirtualServices
{
    /// <summary>Those with the most specific host, oldest first. <paramref name="gateway"/>: <c>mesh</c>, or <c>namespace/name</c>.</summary>
    public static List<VirtualServiceSource> Find(MeshIndex index, string host, string? client, string gateway)
    {
        foreach (var (_, keys) in index.Routing.Claimants(host, RouteKind.VirtualService))
        {
            var found = keys.Select(index.Routing.VirtualServices.Find).OfType<VirtualServiceSource>()
                .Where(v => v.Gateways.Contains(gateway) && (gateway != VirtualServiceSource.Mesh || Visibility.Includes(v.ExportTo, v.Meta.Namespace, client)))
                .OrderBy(static v => v.Meta, Comparer<SourceMeta>.Create(SourceMeta.ByAge)).ToList();
            if (found.Count > 0)
            {
                return found;
            }
        }

        return [];
    }

    public static ImmutableArray<HttpRule> Http(
        MeshIndex index, List<VirtualServiceSource> services, string gateway, Backends backends, HashSet<ObjectKey> dependencies)
    {
        var rules = ImmutableArray.CreateBuilder<HttpRule>();
        bool merged = services.Count > 1;
        foreach (var service in services)
        {
            dependencies.Add(service.Meta.Key);
            foreach (var (rule, owner) in service.Http.SelectMany(r => Expanded(index, r, service, dependencies)))
            {
                var matches = rule.Matches.Where(m => m.Gateways.IsEmpty || m.Gateways.Contains(gateway)).ToList();
                if (matches.Count > 0 || rule.Matches.IsEmpty)
                {
                    rules.Add(Complete(rule, [.. matches], owner, merged, backends));
                }
            }
        }

        return rules.ToImmutable();
    }

    public static ImmutableArray<TlsRule> Tls(List<VirtualServiceSource> services, string gateway, Backends backends) =>
    [
        .. Stream(services, static s => s.Tls, gateway).Select(r => new TlsRule
        {
            Origin = r.Rule.Origin,
            ServerNames = r.Match!.ServerNames,
            Matches = [r.Match.Match],
            Backends = backends.Of(r.Rule.Destinations, r.Owner),
        }),
    ];

    public static ImmutableArray<TcpRule> Tcp(List<VirtualServiceSource> services, string gateway, Backends backends) =>
    [
        .. Stream(services, static s => s.Tcp, gateway).Select(r => new TcpRule
        {
            Origin = r.Rule.Origin,
            Matches = r.Match is null ? [] : [r.Match.Match],
            Backends = backends.Of(r.Rule.Destinations, r.Owner),
        }),
    ];

    /// <summary>The rules of a VirtualService with its delegates' in their places; a delegate that is not there answers 503.</summary>
    public static IEnumerable<(WrittenRule Rule, string Owner)> Expanded(
        MeshIndex index, WrittenRule rule, VirtualServiceSource owner, HashSet<ObjectKey> dependencies)
    {
        if (rule.Delegate is not { } key)
        {
            return [(rule, owner.Meta.Namespace)];
        }

        dependencies.Add(key);
        return DelegateProblem(index, key, owner) is { } problem
            ? [(rule with { Delegate = null, Rule = rule.Rule with { Action = new RouteAction.Fail(503, problem) } }, owner.Meta.Namespace)]
            : index.Routing.VirtualServices.Find(key)!.Http.Select(next => DelegateMerge.Merge(rule, next)).OfType<WrittenRule>().Select(r => (r, key.Namespace));
    }

    /// <summary>Why a delegate cannot be used; null when it can.</summary>
    public static string? DelegateProblem(MeshIndex index, ObjectKey key, VirtualServiceSource owner)
    {
        string name = $"VirtualService {key.Namespace}/{key.Name}";
        return index.Routing.VirtualServices.Find(key) is not { } next ? $"there is no {name} to delegate to"
            : !next.IsDelegate ? $"{name} has hosts of its own and cannot be delegated to"
            : next.Http.IsEmpty ? $"{name}, which is delegated to, has no valid http rules"
            : next.Http.Any(static r => r.Delegate is not null) ? $"{name} delegates further; there is one level"
            : !Visibility.Includes(next.ExportTo, key.Namespace, owner.Meta.Namespace) ? $"{name} is not exported to namespace {owner.Meta.Namespace}"
            : null;
    }

    private static HttpRule Complete(WrittenRule rule, List<WrittenMatch> matches, string owner, bool merged, Backends backends)
    {
        IEnumerable<WrittenMatch> effective = merged && rule.Matches.IsEmpty ? [new WrittenMatch(new HttpMatch(), [])] : matches;
        return rule.Rule with
        {
            // Where several share a host, what takes everything comes after what does not.
            Matches = [.. effective.Select(m => merged && m.TakesAll ? m.Match with { Ordinal = 1 } : m.Match)],
            Action = rule.Destinations.IsEmpty ? rule.Rule.Action : backends.Forward(rule.Destinations, owner),
            Mirrors = backends.Mirrors(rule.Mirrors, owner),
        };
    }

    private static IEnumerable<(WrittenStreamRule Rule, WrittenStreamMatch? Match, string Owner)> Stream(
        List<VirtualServiceSource> services, Func<VirtualServiceSource, ImmutableArray<WrittenStreamRule>> rules, string gateway) =>
        services.SelectMany(s => rules(s).SelectMany(r => r.Matches.IsEmpty
            ? [(r, null, s.Meta.Namespace)]
            : r.Matches.Where(m => m.Gateways.IsEmpty || m.Gateways.Contains(gateway)).Select(m => (r, (WrittenStreamMatch?)m, s.Meta.Namespace))));
}
