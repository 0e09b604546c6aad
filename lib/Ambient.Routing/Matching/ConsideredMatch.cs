namespace Ambient.Routing.Matching;

/// <param name="Against">What keeps the match from taking the request (<c>path</c>, <c>header x-debug</c>, …); null: it takes it.</param>
public sealed record ConsideredMatch(MatchedRule Matched, string? Against);
