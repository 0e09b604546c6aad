using Ambient.Core.Policies;

namespace Ambient.Policy;

/// <summary>How policies and their parts are called in reasons: by what a person wrote where that is known.</summary>
internal static class PolicyNames
{
    public static string Of(AuthorizationPolicy policy) => policy.Origin is { } origin
        ? origin.ToString()
        : $"policy {policy.Key}";

    /// <summary>True for the denial that stands in for a resource which could not be read: none of its rules decided.</summary>
    public static bool IsRefused(AuthorizationPolicy policy) => policy.Name.Name.StartsWith(PolicyOrigin.RefusedPrefix, StringComparison.Ordinal);

    /// <summary>Index of a rule in the resource; -1 for none.</summary>
    public static int IndexOf(AuthorizationPolicy policy, int rule) => rule < 0 || IsRefused(policy) ? -1 : policy.Rules[rule].SourceRule ?? rule;

    public static string OfRule(AuthorizationPolicy policy, int rule) => IsRefused(policy)
        ? "(refused: denies until it is repaired)"
        : $"rule {IndexOf(policy, rule)}";

    /// <summary><c>from[1]</c>, <c>when[0]</c>; empty when unknown.</summary>
    public static string OfMatch(PolicyClause clause, int match) =>
        clause.Source.Length == 0 || clause.Source.EndsWith(']') ? clause.Source : $"{clause.Source}[{match}]";
}
