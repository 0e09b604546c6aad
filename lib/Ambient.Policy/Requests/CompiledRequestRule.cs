using System.Collections.Immutable;
using Ambient.Core.Policies.Requests;
using Ambient.Policy.Requests.Checks;

namespace Ambient.Policy.Requests;

/// <summary>One of the sources, one of the operations, and every condition.</summary>
internal sealed class CompiledRequestRule
{
    private readonly ImmutableArray<ImmutableArray<RequestCheck>> _from;
    private readonly ImmutableArray<ImmutableArray<RequestCheck>> _to;
    private readonly ImmutableArray<RequestCheck> _when;

    public CompiledRequestRule(RequestRule rule, CheckMaker make)
    {
        _from = [.. rule.From.Select((source, i) => Written(RuleChecks.Of(source, $"from[{i}].source", make), $"from[{i}].source", make))];
        _to = [.. rule.To.Select((operation, i) => Written(RuleChecks.Of(operation, $"to[{i}].operation", make), $"to[{i}].operation", make))];
        _when = [.. rule.When.SelectMany((condition, i) => ConditionChecks.Of(condition, $"when[{i}]", make))];
    }

    public IEnumerable<RequestCheck> Checks => _from.Concat(_to).SelectMany(c => c).Concat(_when);

    /// <param name="from">Index of the source that holds; -1 when the rule has none.</param>
    /// <param name="to">Index of the operation that holds; -1 when the rule has none.</param>
    public bool Matches(RequestSubject subject, string? path, out int from, out int to)
    {
        from = FirstHolding(_from, subject, path);
        to = FirstHolding(_to, subject, path);
        return (from >= 0 || _from.IsEmpty) && (to >= 0 || _to.IsEmpty) && FirstAgainst(_when, subject, path) is null;
    }

    /// <summary>The fields that keep the rule from matching: one of each source, or of each operation, or the first condition.</summary>
    public string WhyNot(RequestSubject subject, string? path)
    {
        foreach (ImmutableArray<ImmutableArray<RequestCheck>> part in new[] { _from, _to })
        {
            if (!part.IsEmpty && FirstHolding(part, subject, path) < 0)
            {
                return string.Join(", and ", part.Select(checks => Words(FirstAgainst(checks, subject, path)!)));
            }
        }

        return FirstAgainst(_when, subject, path) is { } condition ? Words(condition) : "holds";
    }

    private static string Words(RequestCheck check) =>
        check.Broken is { } reason ? $"{check.Field} cannot be evaluated: {reason}" : $"{check.Field} does not hold";

    // The API server refuses an empty source or operation. Should one come another way it neither allows nor spares.
    private static ImmutableArray<RequestCheck> Written(ImmutableArray<RequestCheck> checks, string place, CheckMaker make) =>
        checks.IsEmpty ? [new BrokenCheck(place, "no field is set", make.Denies)] : checks;

    private static int FirstHolding(ImmutableArray<ImmutableArray<RequestCheck>> any, RequestSubject subject, string? path)
    {
        for (int i = 0; i < any.Length; i++)
        {
            if (FirstAgainst(any[i], subject, path) is null)
            {
                return i;
            }
        }

        return -1;
    }

    private static RequestCheck? FirstAgainst(ImmutableArray<RequestCheck> all, RequestSubject subject, string? path)
    {
        foreach (RequestCheck check in all)
        {
            if (!check.Holds(subject, path))
            {
                return check;
            }
        }

        return null;
    }
}
