using System.Collections.Immutable;
using System.Net;

namespace Ambient.Core.Policies;

/// <summary>istio.security.Scope.</summary>
public enum PolicyScope
{
    /// <summary>Every workload of the mesh.</summary>
    Global,

    /// <summary>Every workload of the policy's namespace.</summary>
    Namespace,

    /// <summary>Workloads that list the policy's key.</summary>
    WorkloadSelector,
}

/// <summary>istio.security.Action: what L4 can decide. CUSTOM and AUDIT are refused before they get here.</summary>
public enum PolicyAction
{
    Allow,
    Deny,
}

/// <summary>The resource that a person wrote and that became this policy.</summary>
public sealed record PolicyOrigin(string Kind, string Namespace, string Name)
{
    /// <summary>
    /// Name of the policy that denies plaintext at every workload that is STRICT on all ports, by Istio's word for it; whose STRICT it is
    /// says each workload.
    /// </summary>
    public const string SharedStrict = "istio_converted_static_strict";

    /// <summary>Begins the name of the denial that stands in for a resource which was refused and never had a good version.</summary>
    public const string RefusedPrefix = "ambient_refused_";

    /// <summary>
    /// Begins the name of the ALLOW by which a workload takes connections from its waypoint alone. It judges who connects, also where
    /// everything else judges the caller that the waypoint speaks for.
    /// </summary>
    public const string OnlyFromPrefix = "ambient_only_from_waypoint_";

    public override string ToString() => $"{Kind} {Namespace}/{Name}";
}

/// <summary>
/// An L4 policy as the proxies get it (istio.security.Authorization): a rule matches when all its clauses match, a clause
/// when one of its matches does, a match when all its fields do; the policy matches when one rule does.
/// A policy without rules matches nothing; an empty clause or match is refused when decoded, since it could only widen.
/// </summary>
public sealed record AuthorizationPolicy
{
    public required NamespacedName Name { get; init; }

    public required PolicyScope Scope { get; init; }

    public required PolicyAction Action { get; init; }

    public ImmutableArray<PolicyRule> Rules { get; init; } = [];

    /// <summary>Evaluated and reported, never enforced.</summary>
    public bool DryRun { get; init; }

    /// <summary>Null when the operator is not ours (a foreign xDS server).</summary>
    public PolicyOrigin? Origin { get; init; }

    public string Key => Name.ToString();
}

/// <summary>AND of clauses; a rule without clauses always matches (<c>rules: [{}]</c>).</summary>
public sealed record PolicyRule(ImmutableArray<PolicyClause> Clauses)
{
    /// <summary>
    /// Index of the rule as a person wrote it, which differs from its place here when rules before it were left out (L7 attributes).
    /// Null when nobody wrote it, or when the operator does not say: then its place here counts.
    /// </summary>
    public int? SourceRule { get; init; }
}

/// <summary>OR of matches.</summary>
public sealed record PolicyClause(ImmutableArray<PolicyMatch> Matches)
{
    /// <summary>
    /// Field of the written rule: <c>from</c> or <c>to</c>, each match being the entry with its index, or <c>when[2]</c>. Empty when
    /// unknown.
    /// </summary>
    public string Source { get; init; } = "";
}

/// <summary>
/// AND of fields; OR of a field's values; a <c>Not…</c> field holds when none of its values match. An empty list is an absent field.
/// Identity fields never match a peer without identity; their negations always do (reference §3.3).
/// </summary>
public sealed record PolicyMatch
{
    public ImmutableArray<StringMatch> Namespaces { get; init; } = [];

    public ImmutableArray<StringMatch> NotNamespaces { get; init; } = [];

    /// <summary>Principals without the <c>spiffe://</c> scheme.</summary>
    public ImmutableArray<StringMatch> Principals { get; init; } = [];

    public ImmutableArray<StringMatch> NotPrincipals { get; init; } = [];

    /// <summary>Compared by namespace and service account in any trust domain.</summary>
    public ImmutableArray<NamespacedName> ServiceAccounts { get; init; } = [];

    public ImmutableArray<NamespacedName> NotServiceAccounts { get; init; } = [];

    public ImmutableArray<IPNetwork> SourceIps { get; init; } = [];

    public ImmutableArray<IPNetwork> NotSourceIps { get; init; } = [];

    public ImmutableArray<IPNetwork> DestinationIps { get; init; } = [];

    public ImmutableArray<IPNetwork> NotDestinationIps { get; init; } = [];

    public ImmutableArray<ushort> DestinationPorts { get; init; } = [];

    public ImmutableArray<ushort> NotDestinationPorts { get; init; } = [];

    public bool IsEmpty =>
        Namespaces.IsEmpty && NotNamespaces.IsEmpty && Principals.IsEmpty && NotPrincipals.IsEmpty
        && ServiceAccounts.IsEmpty && NotServiceAccounts.IsEmpty && SourceIps.IsEmpty && NotSourceIps.IsEmpty
        && DestinationIps.IsEmpty && NotDestinationIps.IsEmpty && DestinationPorts.IsEmpty && NotDestinationPorts.IsEmpty;
}
