using Ambient.Compile.Sources;

namespace Ambient.Compile.Workloads;

/// <summary>The names by which telemetry and dashboards group workloads.</summary>
internal static class CanonicalName
{
    public static string Name(SourceMeta meta, string workloadName) =>
        FirstOf(meta, "service.istio.io/canonical-name", "app.kubernetes.io/name", "app") ?? workloadName;

    public static string Revision(SourceMeta meta) =>
        FirstOf(meta, "service.istio.io/canonical-revision", "app.kubernetes.io/version", "version") ?? "latest";

    private static string? FirstOf(SourceMeta meta, params ReadOnlySpan<string> labels)
    {
        foreach (string label in labels)
        {
            if (meta.Label(label) is { Length: > 0 } value)
            {
                return value;
            }
        }

        return null;
    }
}
