using System.Collections.Immutable;
using Ambient.Core.Policies.Requests;

namespace Ambient.Policy.Requests;

/// <summary>What is wrong with a policy before anybody is asked.</summary>
public static class RequestPolicyCheck
{
    /// <summary>Such fields never let an ALLOW match and never keep a DENY from matching.</summary>
    public static ImmutableArray<RequestPolicyProblem> Problems(RequestPolicy policy) =>
        [.. CompiledRequestPolicy.Of(policy).Rules.SelectMany((rule, i) => rule.Checks
            .Where(c => c.Broken is not null)
            .Select(c => new RequestPolicyProblem($"spec.rules[{i}].{c.Field}", c.Broken!)))];
}
