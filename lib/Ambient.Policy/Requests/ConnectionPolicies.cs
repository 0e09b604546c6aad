using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Ambient.Core.Policies.Requests;

namespace Ambient.Policy.Requests;

/// <summary>
/// A policy as it counts for a connection that carries no HTTP, of which only who, from where and to which port are known. What asks for more
/// than that allows nothing, and denies all that it could deny: an ALLOW loses the alternatives that look at requests, a DENY loses only
/// what they look at.
/// </summary>
public static class ConnectionPolicies
{
    private static readonly ConditionalWeakTable<RequestPolicy, RequestPolicy> Made = [];

    /// <summary>The same object for the same policy.</summary>
    public static RequestPolicy Of(RequestPolicy policy) => Made.GetValue(policy, Make);

    private static RequestPolicy Make(RequestPolicy policy) => policy with
    {
        // Nobody can be asked about a connection: CUSTOM refuses what it would have been asked about.
        Action = policy.Action == RequestPolicyAction.Custom ? RequestPolicyAction.Deny : policy.Action,
        Rules = policy.Action == RequestPolicyAction.Allow
            ? [.. policy.Rules.Select(Narrowed).OfType<RequestRule>()]
            : [.. policy.Rules.Select(Widened)],
    };

    private static RequestRule? Narrowed(RequestRule rule)
    {
        ImmutableArray<RequestSource> from = [.. rule.From.Where(static s => Widened(s) == s)];
        ImmutableArray<RequestOperation> to = [.. rule.To.Where(static o => Widened(o) == o)];
        return (from.IsEmpty && !rule.From.IsEmpty) || (to.IsEmpty && !rule.To.IsEmpty) || rule.When.Any(IsOfRequests)
            ? null
            : new RequestRule { From = from, To = to, When = rule.When };
    }

    // One alternative without fields means everything, and so does the list that has it.
    private static RequestRule Widened(RequestRule rule) => new()
    {
        From = rule.From.Any(static s => Widened(s) == new RequestSource()) ? [] : [.. rule.From.Select(Widened)],
        To = rule.To.Any(static o => Widened(o) == new RequestOperation()) ? [] : [.. rule.To.Select(Widened)],
        When = [.. rule.When.Where(static c => !IsOfRequests(c))],
    };

    private static RequestSource Widened(RequestSource source) => source with { RequestPrincipals = [], NotRequestPrincipals = [] };

    private static RequestOperation Widened(RequestOperation operation) =>
        operation with { Hosts = [], NotHosts = [], Methods = [], NotMethods = [], Paths = [], NotPaths = [] };

    private static bool IsOfRequests(RequestCondition condition) => condition.Key.StartsWith("request.", StringComparison.Ordinal);
}
