using Ambient.Core.Routes;

namespace Ambient.Routing.Matching;

/// <summary>A rule and the match of it that took the request. One object for each match, made once.</summary>
/// <param name="Match">An empty match for a rule that has none.</param>
/// <param name="RuleIndex">Place in <see cref="RouteTable.Http"/>.</param>
public sealed record MatchedRule(HttpRule Rule, HttpMatch Match, int RuleIndex);
