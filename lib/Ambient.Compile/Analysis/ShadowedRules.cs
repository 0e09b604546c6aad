using Ambient.Compile.Reports;
using Ambient.Core.Routes;

namespace Ambient.Compile.Analysis;

/// <summary>Rules of which rules before them take every request, in each table that they are in.</summary>
internal static class ShadowedRules
{
    /// <summary>A match is compared with at most so many before it: the work for a table grows with its size, not with its square.</summary>
    private const int Most = 1024;

    public static IEnumerable<Finding> Find(CompileResult compiled)
    {
        Dictionary<RouteOrigin, (int Tables, int Shadowed, RouteOrigin By)> seen = [];
        foreach (var table in compiled.Tables)
        {
            foreach (var (rule, by) in Look(table))
            {
                var so = seen.GetValueOrDefault(rule);
                seen[rule] = (so.Tables + 1, so.Shadowed + (by is null ? 0 : 1), by ?? so.By);
            }
        }

        var said = compiled.Findings.Where(static f => f.Code == FindingCodes.RouteNeverReached).Select(static f => (f.Kind, f.Namespace, f.Name, f.Field)).ToHashSet();
        return seen.Where(static s => s.Value.Shadowed == s.Value.Tables).Select(static s => (Rule: s.Key, s.Value.By))
            .Select(static s => new Finding(FindingCodes.RouteNeverReached, FindingLevel.Warning, s.Rule.Kind, s.Rule.Namespace, s.Rule.Name, FieldOf(s.Rule),
                $"is never reached: {(s.By.Kind == s.Rule.Kind && s.By.Namespace == s.Rule.Namespace && s.By.Name == s.Rule.Name ? $"rule {s.By.Rule} before it" : s.By.ToString())} takes every request that it would take"))
            .Where(f => !said.Contains((f.Kind, f.Namespace, f.Name, f.Field)));
    }

    private static IEnumerable<(RouteOrigin Rule, RouteOrigin? By)> Look(RouteTable table)
    {
        var entries = table.Http.SelectMany(static (r, i) => (r.Matches.IsEmpty ? [new HttpMatch()] : r.Matches).Select(m => (Rule: i, Match: m)))
            .OrderBy(static e => e.Match.Ordinal).ToList();
        var shadows = new RouteOrigin?[table.Http.Length];
        var open = new bool[table.Http.Length];
        for (int i = 0; i < entries.Count; i++)
        {
            var (rule, match) = entries[i];
            int by = -1;
            for (int before = 0; before < i && before < Most && by < 0; before++)
            {
                by = entries[before].Rule != rule && MatchCover.Covers(entries[before].Match, match) ? entries[before].Rule : -1;
            }

            open[rule] |= by < 0;
            shadows[rule] ??= by < 0 ? null : table.Http[by].Origin;
        }

        // The one that stands for the service itself was written by nobody; of rules that were split into several the last word counts.
        return table.Http.Select((r, i) => (r.Origin, Open: open[i], By: shadows[i])).GroupBy(static r => r.Origin)
            .Where(static g => g.Key.Kind is not ("Service" or "ServiceEntry"))
            .Select(static g => (g.Key, g.Any(static r => r.Open) ? null : g.First().By));
    }

    internal static string FieldOf(RouteOrigin rule) => rule.Kind switch
    {
        "VirtualService" => $"spec.http[{rule.RuleIndex}]",
        "HTTPRoute" or "GRPCRoute" => $"spec.rules[{rule.RuleIndex}]",
        "ServiceProfile" => $"spec.routes[{rule.RuleIndex}]",
        _ => "",
    };
}
