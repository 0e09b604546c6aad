using Ambient.Compile.Reports;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Enrolment;

/// <summary>Values that our labels do not have: whoever writes one believes that it enrols or opts out, and it does neither.</summary>
internal static class LabelChecks
{
    private static readonly (string Label, string[] Values)[] Known =
    [
        (EnrolmentLabels.Mesh, ["enabled", "disabled"]),
        (EnrolmentLabels.DataplaneMode, ["ambient", "none"]),
    ];

    public static IEnumerable<Finding> Of(SourceMeta meta)
    {
        foreach (var (label, values) in Known)
        {
            if (meta.Labels.TryGetValue(label, out string? value) && !values.Contains(value))
            {
                yield return new Finding(
                    FindingCodes.UnknownLabelValue, FindingLevel.Warning, meta.Kind, meta.Namespace, meta.Name, $"metadata.labels[{label}]",
                    $"'{value}' means nothing here, so the label neither enrols nor opts out; write {string.Join(" or ", values)}");
            }
        }
    }
}
