using Ambient.Core.Policies;

namespace Ambient.Policy;

/// <summary>What one policy had to say about a connection, for <c>explain</c>.</summary>
/// <param name="PolicyKey"><c>namespace/name</c> as the proxies know it.</param>
/// <param name="Origin">The resource that a person wrote, when known.</param>
/// <param name="RuleIndex">The rule that matched, from 0, as its author wrote it; -1 when none did.</param>
/// <param name="Action">Null for a policy that is listed but missing.</param>
/// <param name="Reason">The clause that decided: what was compared with what.</param>
/// <param name="Decided">True for the policy (or policies, when none of the ALLOWs matched) that made the decision.</param>
/// <param name="DryRun">Reported, never enforced.</param>
public sealed record PolicyVerdict(
    string PolicyKey,
    PolicyOrigin? Origin,
    int RuleIndex,
    PolicyAction? Action,
    bool Matched,
    string Reason,
    bool Decided,
    bool DryRun);
