using Ambient.Core.Policies;
using Ambient.Core.Policies.Requests;

namespace Ambient.Policy.Requests;

/// <summary>What one policy had to say about a request, for <c>explain</c> and for notes of AUDIT and dry-run policies.</summary>
/// <param name="RuleIndex">The rule that matched, from 0; -1 when none did.</param>
/// <param name="Clause">As in <see cref="RequestDecision"/>.</param>
/// <param name="Reason">What matched, or for each rule what did not hold.</param>
/// <param name="Decided">True for the policy (or policies, when none of the ALLOWs matched) that made the decision.</param>
/// <param name="DryRun">Reported, never enforced.</param>
public sealed record RequestVerdict(
    string PolicyKey,
    PolicyOrigin Origin,
    RequestPolicyAction Action,
    bool Matched,
    int RuleIndex,
    string Clause,
    string Reason,
    bool Decided,
    bool DryRun);
