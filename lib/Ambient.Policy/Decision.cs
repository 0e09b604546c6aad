using Ambient.Core.Policies;

namespace Ambient.Policy;

/// <summary>The answer about one connection, with who gave it. Made once per policy and rule, never per connection.</summary>
/// <param name="PolicyKey"><c>namespace/name</c> of the deciding policy, null when none did.</param>
/// <param name="RuleIndex">Index of the rule that matched as its author wrote it, from 0; -1 when no rule did.</param>
/// <param name="Origin">The resource that a person wrote, when known.</param>
/// <param name="Reason">One line for people, naming policy kind, namespace/name and rule.</param>
public sealed record Decision(DecisionKind Kind, string? PolicyKey, int RuleIndex, PolicyOrigin? Origin, string Reason)
{
    public bool Allowed => Kind is DecisionKind.AllowedByPolicy or DecisionKind.AllowedWithoutPolicies;
}
