using System.CommandLine;
using System.Text.Json.Nodes;
using Ambient.Cli.Checking;
using Ambient.Cli.Cluster;
using Ambient.Cli.Output;

namespace Ambient.Cli.Commands;

/// <summary><c>ambientctl check [machine|cluster]</c>: what is needed and whether it is there; 1 when something failed.</summary>
internal static class CheckCommand
{
    public static Command Create(TimeProvider time)
    {
        Argument<string?> area = new("area") { Description = "machine or cluster; without it both", Arity = ArgumentArity.ZeroOrOne };
        area.AcceptOnlyFromAmong("machine", "cluster");
        Option<OutputFormat> format = OutputOption.Create();
        MeshSourceOptions source = new();
        Command command = new("check", "Check that this machine and the cluster have what the mesh needs.") { area, format };
        source.AddClusterTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            string? only = parsed.GetValue(area);
            List<CheckResult> results = only == "cluster" ? [] : [.. MachineChecks.Run()];
            bool unreachable = false;
            if (only != "machine")
            {
                try
                {
                    results.AddRange(await ClusterAccess.UseAsync(
                        parsed.GetValue(source.Kubeconfig), parsed.GetValue(source.Context), time, ClusterChecks.RunAsync, cancellation));
                }
                catch (CliException e) when (only is null && e.ExitCode == ExitCodes.Unreachable)
                {
                    unreachable = true;
                    results.Add(CheckResult.Skipped("cluster", "reachable", $"{e.Message}: {e.Why}", e.Next));
                }
            }

            Printer.Print(parsed.InvocationConfiguration.Output, parsed.GetValue(format), () => Json(results), output => Write(output, results));
            return results.Any(r => r.Status == CheckStatus.Failed) ? ExitCodes.Negative : unreachable ? ExitCodes.Unreachable : ExitCodes.Ok;
        });
        return command;
    }

    private static JsonArray Json(List<CheckResult> results) => new([.. results.Select(r => new JsonObject
    {
        ["area"] = r.Area,
        ["name"] = r.Name,
        ["status"] = r.Status.ToString().ToLowerInvariant(),
        ["message"] = r.Message,
        ["next"] = r.Next,
    })]);

    private static void Write(TextWriter output, List<CheckResult> results)
    {
        foreach (IGrouping<string, CheckResult> group in results.GroupBy(r => r.Area))
        {
            output.WriteLine(group.Key);
            foreach (CheckResult r in group)
            {
                output.WriteLine($"  {Sign(r.Status)} {r.Name}: {r.Message}");
                if (r.Next.Length > 0)
                {
                    output.WriteLine($"      next: {r.Next}");
                }
            }
        }
    }

    private static char Sign(CheckStatus status) => status switch
    {
        CheckStatus.Ok => '✓',
        CheckStatus.Warning => '!',
        CheckStatus.Failed => '✗',
        _ => '-',
    };
}
