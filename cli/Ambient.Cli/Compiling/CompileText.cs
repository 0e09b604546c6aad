using Ambient.Cli.Output;
using Ambient.Compile;
using Ambient.Compile.Reports;
using Ambient.Core.Workloads;

namespace Ambient.Cli.Compiling;

/// <summary>A compilation for people: what came out, what each resource's status would say, and what to look at.</summary>
internal static class CompileText
{
    public static void Write(TextWriter output, CompileResult result, bool wide = false)
    {
        int meshed = result.Workloads.Count(w => w.TunnelProtocol == TunnelProtocol.Hbone);
        output.WriteLine($"{Count(result.Workloads.Length, "workload")} ({meshed} in the mesh), {Count(result.Services.Length, "service")}, {Count(result.Policies.Length, "policy")}");
        if (!result.Resources.IsEmpty)
        {
            Paragraph.Write(output, "for waypoints and gateways: " + string.Join(", ", result.Resources.GroupBy(r => r.Type).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Count()} {g.Key}")), indent: 0);
        }

        if (!result.Status.IsEmpty)
        {
            output.WriteLine();
            TextTable status = new("KIND", "NAME", "CONDITION", "STATUS", "REASON");
            foreach (StatusReport report in result.Status)
            {
                Add(status, report, "", [.. report.Conditions], wide);
                foreach (ParentReport parent in report.Parents)
                {
                    Add(status, report, $"{parent.Ref.Name}: ", [.. parent.Conditions], wide);
                }

                foreach (ParentReport ancestor in report.Ancestors)
                {
                    Add(status, report, $"{ancestor.Ref.Name}: ", [.. ancestor.Conditions], wide);
                }

                foreach (ListenerReport listener in report.Listeners)
                {
                    Add(status, report, $"{listener.Name}: ", [.. listener.Conditions], wide);
                }
            }

            status.Write(output, wide);
        }

        // What is said of several objects in the same words is said once.
        foreach (var same in result.Findings.GroupBy(f => (f.Level, f.Code, f.Kind, f.Field, f.Message)))
        {
            string field = same.Key.Field.Length > 0 ? $", {same.Key.Field}" : "";
            output.WriteLine();
            Paragraph.Write(output, $"{same.Key.Level.ToString().ToLowerInvariant()} {same.Key.Code}: {same.Key.Kind} {Names(same)}{field}", indent: 0);
            Paragraph.Write(output, same.Key.Message, indent: 2);
        }

        if (meshed == 0 && !result.Workloads.IsEmpty)
        {
            output.WriteLine();
            output.WriteLine("nothing is in the mesh; to enrol a namespace: kubectl label namespace NAME ambient.dev/mesh=enabled");
        }
    }

    private static string Names(IEnumerable<Finding> findings)
    {
        string[] names = [.. findings.Select(f => Name(f.Namespace, f.Name))];
        return string.Join(", ", names.Take(MaxNamed)) + (names.Length > MaxNamed ? $" and {names.Length - MaxNamed} more" : "");
    }

    private static void Add(TextTable table, StatusReport report, string part, Condition[] conditions, bool wide)
    {
        foreach (Condition c in conditions)
        {
            table.Add(report.Kind, Name(report.Namespace, report.Name), part + (wide ? c.Type : c.Type[(c.Type.LastIndexOf('/') + 1)..]), c.Status, c.Reason);
        }
    }

    private static string Name(string @namespace, string name) =>
        (@namespace.Length > 0 ? $"{@namespace}/" : "") + (name.Length > MaxName ? name[..MaxName] + "…" : name);

    private static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {(what.EndsWith('y') ? what[..^1] + "ie" : what)}s";

    private const int MaxName = 63;
    private const int MaxNamed = 8;
}
