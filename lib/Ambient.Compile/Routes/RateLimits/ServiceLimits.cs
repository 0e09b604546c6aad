using System.Collections.Immutable;
using Ambient.Compile.Index;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.RateLimits;

/// <summary>
/// Limits of the pods behind a service. An EnvoyFilter selects pods: it applies to a service when the service's own selector says that all of its
/// pods are selected.
/// </summary>
internal static class ServiceLimits
{
    public static ImmutableArray<RateLimit> Of(MeshIndex index, RouteTarget target) =>
        index.Services.Find(target.Object) is not { } service ? []
            : [.. Near(index, service.Meta.Namespace).Where(f => Applies(f, service)).OrderBy(static f => f.Meta, Comparer<SourceMeta>.Create(SourceMeta.ByAge)).SelectMany(static f => f.Limits)];

    public static bool Applies(EnvoyFilterSource filter, ServiceSource service) =>
        filter.Services.IsEmpty
            ? filter.Selector is null || filter.Selector.All(l => service.Selector.TryGetValue(l.Key, out string? value) && value == l.Value)
            : filter.Meta.Namespace == service.Meta.Namespace && filter.Services.Contains(service.Meta.Name);

    /// <summary>Services that a filter applies to.</summary>
    public static IEnumerable<ServiceSource> ServicesOf(MeshIndex index, EnvoyFilterSource filter) =>
        (index.Options.IsRoot(filter.Meta.Namespace) ? index.Services.All : index.Services.In(filter.Meta.Namespace).Values)
            .Where(s => !s.IsExternalName && Applies(filter, s));

    private static IEnumerable<EnvoyFilterSource> Near(MeshIndex index, string @namespace) =>
        index.Options.RootNamespaces.Append(@namespace).Distinct().SelectMany(ns => index.Routing.EnvoyFilters.In(ns).Values);
}
