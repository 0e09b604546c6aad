using System.Collections.Immutable;
using Ambient.Compile.Index;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Routes.TrafficSplits;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.ServiceProfiles;

/// <summary>
/// ServiceProfile and TrafficSplit of a host, which add up: the profile tells requests apart, the split says where they go; the profile's
/// dstOverrides come before a split.
/// </summary>
internal static class ProfileRules
{
    /// <summary>The profile of the service's own namespace, else the oldest.</summary>
    public static ServiceProfileSource? Profile(MeshIndex index, RouteTarget target) => Oldest(
        index, target, RouteKind.ServiceProfile, index.Routing.Profiles.Find, static p => p.Meta);

    /// <summary>The split of the root's own namespace, else the oldest.</summary>
    public static TrafficSplitSource? Split(MeshIndex index, RouteTarget target) => Oldest(
        index, target, RouteKind.TrafficSplit, index.Routing.Splits.Find, static s => s.Meta);

    public static ImmutableArray<HttpRule> Http(MeshIndex index, RouteTarget target, Backends backends, HashSet<ObjectKey> dependencies)
    {
        var profile = Profile(index, target);
        var split = Split(index, target);
        if (profile is null && split is null)
        {
            return [];
        }

        dependencies.UnionWith(new[] { profile?.Meta.Key, split?.Meta.Key }.OfType<ObjectKey>());
        var itself = backends.Of([new WrittenDestination("", target.Hostname, null, 0)], target.Namespace);
        var rules = ImmutableArray.CreateBuilder<HttpRule>();
        var rest = ImmutableArray.CreateBuilder<HttpRule>();
        if (profile is { Overrides.IsEmpty: false })
        {
            rest.Add(All(new RouteOrigin(profile.Meta.Kind, profile.Meta.Namespace, profile.Meta.Name, profile.Rules.Length), backends.Of(profile.Overrides, profile.Meta.Namespace)));
        }
        else if (split is not null)
        {
            rest.AddRange(OfSplit(index, target, split, itself, backends, dependencies));
        }

        if (rest.Count == 0 || rest[^1].Matches is { IsEmpty: false })
        {
            rest.Add(DefaultRule.Of(target, itself));
        }

        foreach (var rule in profile?.Rules ?? [])
        {
            rules.AddRange(rest.SelectMany(to => Both(rule, to)));
        }

        // With a profile, what it does not call retryable is not tried again.
        return [.. rules, .. profile is null ? rest : rest.Select(static r => r with { Retry = RetryPolicy.Off })];
    }

    private static IEnumerable<HttpRule> OfSplit(
        MeshIndex index, RouteTarget target, TrafficSplitSource split, ImmutableArray<WeightedBackend> itself, Backends backends, HashSet<ObjectKey> dependencies)
    {
        dependencies.UnionWith(split.Groups);
        var origin = new RouteOrigin(split.Meta.Kind, split.Meta.Namespace, split.Meta.Name, 0);
        var matches = split.Groups.SelectMany(g => index.Routing.RouteGroups.Find(g)?.Matches ?? []).ToImmutableArray();
        // Groups that are not there match nothing: the root keeps its requests.
        if (!split.Groups.IsEmpty && matches.IsEmpty)
        {
            yield return All(origin, itself);
            yield break;
        }

        ImmutableArray<WeightedBackend> taken = [.. Taken(target, split, backends)];
        yield return All(origin, taken.IsEmpty ? itself : taken) with { Matches = matches };
    }

    /// <summary>A backend that is there and has not the port that was called takes no part; without any that has it, the root keeps its requests.</summary>
    private static IEnumerable<WeightedBackend> Taken(RouteTarget target, TrafficSplitSource split, Backends backends)
    {
        ImmutableArray<WrittenDestination> written = target.Ports is [var only] ? [.. split.Backends.Select(b => b with { Port = only })] : split.Backends;
        return backends.Of(written, split.Meta.Namespace).Where((b, i) => b.Invalid is null || !backends.IsThere(written[i], split.Meta.Namespace));
    }

    /// <summary>The profile's rule for those of its requests that go where the other says; its conditions are narrowed by the split's.</summary>
    private static IEnumerable<HttpRule> Both(HttpRule rule, HttpRule to)
    {
        if (to.Matches.IsEmpty)
        {
            yield return rule with { Action = to.Action };
            yield break;
        }

        ImmutableArray<HttpMatch> both =
        [
            .. rule.Matches.SelectMany(a => to.Matches.Select(b => HttpMatches.And(a, b))).OfType<HttpMatch>(),
        ];
        if (!both.IsEmpty)
        {
            yield return rule with { Matches = both, Action = to.Action };
        }
    }

    private static HttpRule All(RouteOrigin origin, ImmutableArray<WeightedBackend> backends) =>
        new() { Origin = origin, Action = new RouteAction.Forward(backends) };

    private static T? Oldest<T>(MeshIndex index, RouteTarget target, string kind, Func<ObjectKey, T?> find, Func<T, SourceMeta> meta) where T : class =>
        index.Routing.Claimants(target.Hostname, kind).Where(c => c.Pattern == target.Hostname).SelectMany(static c => c.Keys).Select(find).OfType<T>()
            .OrderBy(s => meta(s).Namespace == target.Namespace ? 0 : 1).ThenBy(meta, Comparer<SourceMeta>.Create(SourceMeta.ByAge)).FirstOrDefault();
}
