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
        output.WriteLine(
            $"{result.Workloads.Length} workloads ({meshed} in the mesh), {result.Services.Length} services, {result.Policies.Length} policies");
        if (!result.Status.IsEmpty)
        {
            output.WriteLine();
            TextTable status = new("KIND", "NAMESPACE", "NAME", "CONDITION", "STATUS", "REASON", "MESSAGE");
            foreach (StatusReport report in result.Status)
            {
                foreach (Condition c in report.Conditions)
                {
                    status.Add(report.Kind, report.Namespace, report.Name, c.Type, c.Status, c.Reason, c.Message);
                }
            }

            status.Write(output);
        }

        if (!result.Findings.IsEmpty)
        {
            output.WriteLine();
            TextTable findings = new("LEVEL", "CODE", "KIND", "NAMESPACE", "NAME", "FIELD", "MESSAGE");
            foreach (Finding f in result.Findings)
            {
                findings.Add(f.Level.ToString().ToLowerInvariant(), f.Code, f.Kind, f.Namespace, f.Name, f.Field, f.Message);
            }

            findings.Write(output);
        }
    }
}
