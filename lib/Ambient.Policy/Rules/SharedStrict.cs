using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Ambient.Core.Policies;
using Ambient.Core.Workloads;

namespace Ambient.Policy.Rules;

/// <summary>
/// The one STRICT policy that many workloads share, as each sees it: with the PeerAuthentication that made it STRICT as origin. One copy an
/// origin, as long as the shared policy lives.
/// </summary>
internal static class SharedStrict
{
    private static readonly ConditionalWeakTable<AuthorizationPolicy, ConcurrentDictionary<PolicyOrigin, AuthorizationPolicy>> Made = [];

    public static AuthorizationPolicy For(Workload destination, AuthorizationPolicy policy) =>
        destination.StrictOrigin is { } origin && policy.Origin is null && policy.Name.Name == PolicyOrigin.SharedStrict
            ? Made.GetValue(policy, static _ => new()).GetOrAdd(origin, static (o, p) => p with { Origin = o }, policy)
            : policy;
}
