using System.Collections.Immutable;
using Ambient.Core.Policies;
using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Compile;

/// <summary>Equality by content, where a record's own equality sees only whether two lists are one and the same.</summary>
internal static class SameContent
{
    public static bool Workloads(Workload a, Workload b) =>
        a.Addresses.SequenceEqual(b.Addresses)
        && a.AuthorizationPolicies.SequenceEqual(b.AuthorizationPolicies)
        && a.Services.Count == b.Services.Count
        && a.Services.All(s => b.Services.TryGetValue(s.Key, out var ports) && ports.SequenceEqual(s.Value))
        && a.Labels.SequenceEqual(b.Labels)
        && Flat(a) == Flat(b);

    public static bool Services(MeshService a, MeshService b) =>
        a.Addresses.SequenceEqual(b.Addresses)
        && a.Ports.SequenceEqual(b.Ports)
        && a.SubjectAltNames.SequenceEqual(b.SubjectAltNames)
        && a.WeightedWaypoints.SequenceEqual(b.WeightedWaypoints)
        && a.Balancing.Preference.SequenceEqual(b.Balancing.Preference)
        && a.Balancing with { Preference = [] } == b.Balancing with { Preference = [] }
        && Flat(a) == Flat(b);

    public static bool Policies(AuthorizationPolicy a, AuthorizationPolicy b) =>
        a.Rules.Length == b.Rules.Length
        && a.Rules.Zip(b.Rules).All(static r => r.First.SourceRule == r.Second.SourceRule && Each(r.First.Clauses, r.Second.Clauses, Clauses))
        && a with { Rules = [] } == b with { Rules = [] };

    public static bool Enrolments(NodeEnrolment a, NodeEnrolment b) =>
        a.Node == b.Node
        && a.Enrolment.ExcludedInboundPorts.SequenceEqual(b.Enrolment.ExcludedInboundPorts)
        && a.Enrolment.ExcludedOutboundPorts.SequenceEqual(b.Enrolment.ExcludedOutboundPorts)
        && a.Enrolment.ExcludedOutboundRanges.SequenceEqual(b.Enrolment.ExcludedOutboundRanges)
        && Flat(a.Enrolment) == Flat(b.Enrolment);

    private static bool Clauses(PolicyClause a, PolicyClause b) => a.Source == b.Source && Each(a.Matches, b.Matches, Matches);

    private static bool Matches(PolicyMatch a, PolicyMatch b) =>
        a.Namespaces.SequenceEqual(b.Namespaces) && a.NotNamespaces.SequenceEqual(b.NotNamespaces)
        && a.Principals.SequenceEqual(b.Principals) && a.NotPrincipals.SequenceEqual(b.NotPrincipals)
        && a.ServiceAccounts.SequenceEqual(b.ServiceAccounts) && a.NotServiceAccounts.SequenceEqual(b.NotServiceAccounts)
        && a.SourceIps.SequenceEqual(b.SourceIps) && a.NotSourceIps.SequenceEqual(b.NotSourceIps)
        && a.DestinationIps.SequenceEqual(b.DestinationIps) && a.NotDestinationIps.SequenceEqual(b.NotDestinationIps)
        && a.DestinationPorts.SequenceEqual(b.DestinationPorts) && a.NotDestinationPorts.SequenceEqual(b.NotDestinationPorts);

    private static bool Each<T>(ImmutableArray<T> a, ImmutableArray<T> b, Func<T, T, bool> same) =>
        a.Length == b.Length && a.Zip(b).All(pair => same(pair.First, pair.Second));

    private static Workload Flat(Workload w) => w with
    {
        Addresses = [],
        AuthorizationPolicies = [],
        Labels = Workload.NoLabels,
        Services = ImmutableDictionary<string, ImmutableArray<ServicePort>>.Empty,
    };

    private static MeshService Flat(MeshService s) => s with
    {
        Addresses = [],
        Ports = [],
        SubjectAltNames = [],
        WeightedWaypoints = [],
        Balancing = Balancing.Default,
    };

    private static PodEnrolment Flat(PodEnrolment e) => e with { ExcludedInboundPorts = [], ExcludedOutboundPorts = [], ExcludedOutboundRanges = [] };
}
