using System.Collections.Immutable;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Routing.Endpoints;

/// <summary>
/// Which endpoints of a service's port (and subset) a proxy may ask, and in which order of nearness: what is left out and why, and groups of
/// what is not. Requests go to the first group that has an endpoint fit to be asked, or to a group drawn by its share when a
/// DestinationRule distributes. Pure; <c>explain</c> and the proxies share it.
/// </summary>
public sealed class EndpointPlan
{
    private EndpointPlan(ImmutableArray<PlannedEndpoint> endpoints, ImmutableArray<EndpointGroup> groups, bool byShare, string whyNone)
    {
        Endpoints = endpoints;
        Groups = groups;
        ByShare = byShare;
        WhyNone = whyNone;
    }

    public static EndpointPlan Empty { get; } = new([], [], false, "there is no endpoint");

    /// <summary>Every endpoint of the service, ordered by uid.</summary>
    public ImmutableArray<PlannedEndpoint> Endpoints { get; }

    /// <summary>Never an empty one.</summary>
    public ImmutableArray<EndpointGroup> Groups { get; }

    public bool ByShare { get; }

    /// <summary>For when no group has anybody: why, for people.</summary>
    public string WhyNone { get; }

    /// <param name="self">The proxy's own workload, whose place and network count; null when not known: then all are equally near.</param>
    public static EndpointPlan Of(
        MeshService service, ImmutableArray<Workload> endpoints, int port, Subset? subset, TrafficPolicy policy, Workload? self)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(policy);
        Nearness nearness = Nearness.Of(service, policy, self);
        ImmutableArray<PlannedEndpoint>.Builder planned = ImmutableArray.CreateBuilder<PlannedEndpoint>(endpoints.Length);
        foreach (Workload endpoint in endpoints)
        {
            planned.Add(Plan(service, endpoint, port, subset, self, nearness));
        }

        ImmutableArray<PlannedEndpoint> all = planned.ToImmutable();
        ImmutableArray<EndpointGroup> groups =
            [.. all.Where(e => e.Place >= 0).GroupBy(e => e.Place).OrderBy(g => g.Key)
                .Select(g => new EndpointGroup(nearness.NameOf(g.Key), nearness.ShareOf(g.Key), [.. g]))];
        return new EndpointPlan(all, groups, nearness.ByShare, WhyNoneOf(service, port, subset, all));
    }

    private static PlannedEndpoint Plan(
        MeshService service, Workload endpoint, int port, Subset? subset, Workload? self, Nearness nearness)
    {
        int target = endpoint.Services.TryGetValue(service.Key, out ImmutableArray<ServicePort> served)
            ? ServicePorts.TargetOf(service, served, port) ?? 0
            : 0;
        bool healthy = endpoint.Health == WorkloadHealth.Healthy || service.Balancing.AllowUnhealthy;
        string? against = target == 0 ? $"without port {port}"
            : subset is not null && !Carries(endpoint, subset.Labels) ? $"not in subset {subset.Name}"
            : self is not null && !string.Equals(endpoint.Network, self.Network, StringComparison.Ordinal) ? "in another network"
            : endpoint.Addresses.IsEmpty && endpoint.Hostname.Length == 0 ? "without an address"
            : endpoint.Capacity == 0 ? "with weight 0"
            : null;
        int place = against is null ? nearness.PlaceOf(endpoint) : -1;
        return new PlannedEndpoint(
            endpoint, target, place, healthy, against ?? (place < 0 ? "in a place that gets no requests" : nearness.NameOf(place)));
    }

    private static bool Carries(Workload endpoint, ImmutableSortedDictionary<string, string> labels)
    {
        foreach ((string name, string value) in labels)
        {
            if (!endpoint.Labels.TryGetValue(name, out string? has) || !string.Equals(has, value, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    private static string WhyNoneOf(MeshService service, int port, Subset? subset, ImmutableArray<PlannedEndpoint> all)
    {
        string what = $"service {service.Key} port {port}{(subset is null ? "" : $" subset {subset.Name}")}";
        return all.IsEmpty
            ? $"{what} has no endpoints"
            : $"{what} has no endpoint to take: " + string.Join(", ", all
                .GroupBy(e => e.Place < 0 ? e.Why : e.Healthy ? "fit by discovery" : "not ready", StringComparer.Ordinal)
                .OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take(4)
                .Select(g => $"{g.Count()} {g.Key}"));
    }
}
