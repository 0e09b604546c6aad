using System.Collections.Immutable;
using Ambient.Core.Policies;

namespace Ambient.Policy.Rules;

/// <summary>AND of clauses, each an OR of matches. A rule without clauses always matches.</summary>
internal sealed class CompiledRule
{
    private readonly bool _emptyClause;

    /// <param name="emptyMatches">What an empty clause or match says: true in a DENY policy, false in an ALLOW, so that neither widens.</param>
    public CompiledRule(PolicyRule rule, bool emptyMatches, Decision whenMatched)
    {
        _emptyClause = emptyMatches;
        WhenMatched = whenMatched;
        Clauses = [.. rule.Clauses.Select(c => c.Matches.Select(m => new CompiledMatch(m, emptyMatches)).ToImmutableArray())];
    }

    public Decision WhenMatched { get; }

    public ImmutableArray<ImmutableArray<CompiledMatch>> Clauses { get; }

    public bool Matches(in Facts facts) => FirstClauseAgainst(facts) < 0;

    /// <summary>Index of the first clause that does not hold; -1 when the rule matches.</summary>
    public int FirstClauseAgainst(in Facts facts)
    {
        for (int i = 0; i < Clauses.Length; i++)
        {
            if (!Holds(Clauses[i], facts))
            {
                return i;
            }
        }

        return -1;
    }

    private bool Holds(ImmutableArray<CompiledMatch> clause, in Facts facts)
    {
        foreach (CompiledMatch match in clause)
        {
            if (match.Matches(facts))
            {
                return true;
            }
        }

        return clause.IsEmpty && _emptyClause;
    }
}
