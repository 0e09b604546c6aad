using Ambient.Compile.Sources;

namespace Ambient.Compile.Reports;

/// <summary>How a refused resource is spoken of.</summary>
internal static class RefusalReports
{
    public static Condition Condition(Refusal refusal, string consequence) =>
        Reports.Condition.False(Reports.Condition.Accepted, refusal.Reason, $"{refusal.Message}; {Effect(refusal, consequence)}");

    public static Finding Finding(SourceMeta meta, Refusal refusal, string consequence) => new(
        refusal.LastGoodInForce ? FindingCodes.LastGoodKept : FindingCodes.RefusedDenies, FindingLevel.Error, meta.Kind, meta.Namespace,
        meta.Name, "", $"refused: {Effect(refusal, consequence)}");

    private static string Effect(Refusal refusal, string consequence) =>
        refusal.LastGoodInForce ? "the last good version stays in force" : consequence;
}
