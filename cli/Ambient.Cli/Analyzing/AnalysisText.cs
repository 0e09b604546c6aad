using System.Collections.Immutable;
using Ambient.Cli.Output;
using Ambient.Compile.Reports;

namespace Ambient.Cli.Analyzing;

/// <summary>Findings for people: what is said of several objects in the same words is said once; what helps stands below.</summary>
internal static class AnalysisText
{
    private const int MaxNamed = 8;

    public static void Write(TextWriter output, ImmutableArray<Finding> findings)
    {
        foreach (var same in findings.GroupBy(f => (f.Level, f.Code, f.Kind, f.Field, f.Message)))
        {
            string[] names = [.. same.Select(f => (f.Namespace.Length > 0 ? $"{f.Namespace}/" : "") + f.Name)];
            string field = same.Key.Field.Length > 0 ? $", {same.Key.Field}" : "";
            Paragraph.Write(
                output,
                $"{same.Key.Level.ToString().ToLowerInvariant()} {same.Key.Code}: {same.Key.Kind} {string.Join(", ", names.Take(MaxNamed))}{(names.Length > MaxNamed ? $" and {names.Length - MaxNamed} more" : "")}{field}",
                indent: 0);
            Paragraph.Write(output, same.Key.Message, indent: 2);
            Paragraph.Write(output, FindingHelp.FixOf(same.Key.Code), "  fix: ", "       ");
            output.WriteLine();
        }

        output.WriteLine(findings.IsEmpty
            ? "nothing to say: no finding"
            : string.Join(", ", new[] { FindingLevel.Error, FindingLevel.Warning, FindingLevel.Info }
                .Select(level => (Level: level, Count: findings.Count(f => f.Level == level))).Where(l => l.Count > 0)
                .Select(l => $"{l.Count} {(l.Level == FindingLevel.Info ? "for information" : l.Level.ToString().ToLowerInvariant() + (l.Count == 1 ? "" : "s"))}")));
    }
}
