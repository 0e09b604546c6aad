using Ambient.Cli.Output;
using Ambient.Compile;
using Ambient.Compile.Reports;
using Ambient.Core.Workloads;

namespace Ambient.Cli.Compiling;

/// <summary>A compilation for people: what came out, what each resource's status would say, and what to look at.</summary>
internal static class CompileText
{
    public static void Write(TextWriter output, CompileResult result)
    {
        int meshed = result.Workloads.Count(w => w.TunnelProtocol == TunnelProtocol.Hbone);
        output.WriteLine($"{Count(result.Workloads.Length, "workload")} ({meshed} in the mesh), {Count(result.Services.Length, "service")}, {Count(result.Policies.Length, "policy")}");
        if (!result.Status.IsEmpty)
        {
            output.WriteLine();
            TextTable status = new("KIND", "NAME", "CONDITION", "STATUS", "REASON");
            foreach (StatusReport report in result.Status)
            {
                Add(status, report, "", [.. report.Conditions]);
                foreach (ParentReport parent in report.Parents)
                {
                    Add(status, report, $"{parent.Ref.Kind ?? "Gateway"} {parent.Ref.Name}: ", [.. parent.Conditions]);
                }

                foreach (ListenerReport listener in report.Listeners)
                {
                    Add(status, report, $"listener {listener.Name}: ", [.. listener.Conditions]);
                }
            }

            status.Write(output);
        }

        foreach (Finding f in result.Findings)
        {
            output.WriteLine();
            output.WriteLine($"{f.Level.ToString().ToLowerInvariant()} {f.Code}: {f.Kind} {Name(f.Namespace, f.Name)}{(f.Field.Length > 0 ? $", {f.Field}" : "")}");
            Paragraph.Write(output, f.Message, indent: 2);
        }
    }

    private static void Add(TextTable table, StatusReport report, string part, Condition[] conditions)
    {
        foreach (Condition c in conditions)
        {
            table.Add(report.Kind, Name(report.Namespace, report.Name), part + c.Type, c.Status, c.Reason);
        }
    }

    private static string Name(string @namespace, string name) =>
        (@namespace.Length > 0 ? $"{@namespace}/" : "") + (name.Length > MaxName ? name[..MaxName] + "…" : name);

    private static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {(what.EndsWith('y') ? what[..^1] + "ie" : what)}s";

    private const int MaxName = 63;
}
