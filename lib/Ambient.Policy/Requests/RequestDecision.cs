using Ambient.Core.Policies;

namespace Ambient.Policy.Requests;

/// <summary>The answer about one request, with who gave it.</summary>
/// <param name="PolicyKey"><c>namespace/name</c> of the deciding policy; null when none did, or several did not.</param>
/// <param name="RuleIndex">The rule that matched, from 0; -1 when none did.</param>
/// <param name="Clause">Of that rule, what matched: <c>from[0] to[1]</c>; empty when the rule has neither.</param>
/// <param name="Reason">One line for people, naming kind, namespace/name, rule and clause.</param>
public sealed record RequestDecision(
    DecisionKind Kind, string? PolicyKey, PolicyOrigin? Origin, int RuleIndex, string Clause, string Reason)
{
    public bool Allowed => Kind is DecisionKind.AllowedByPolicy or DecisionKind.AllowedWithoutPolicies;
}
