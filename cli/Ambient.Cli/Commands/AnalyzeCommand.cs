using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Ambient.Cli.Analyzing;
using Ambient.Cli.Cluster;
using Ambient.Cli.Files;
using Ambient.Cli.Output;
using Ambient.Compile;
using Ambient.Compile.Analysis;
using Ambient.Compile.Offline;
using Ambient.Compile.Reports;
using Ambient.Resources.Manifests;

namespace Ambient.Cli.Commands;

/// <summary><c>ambientctl analyze -f FILE…|--live [--fail-on LEVEL]</c>: what is wrong, doubtful or worth knowing, and what helps.</summary>
internal static class AnalyzeCommand
{
    private const string Never = "never";

    public static Command Create(TimeProvider time)
    {
        MeshSourceOptions source = new();
        Option<bool> live = new("--live") { Description = "look at the cluster; the same as naming no file" };
        Option<string> failOn = new("--fail-on")
        {
            Description = "lowest level that makes the exit code 1: error, warning, info or never",
            HelpName = "level",
            DefaultValueFactory = _ => "error",
        };
        failOn.AcceptOnlyFromAmong("error", "warning", "info", Never);
        Option<OutputFormat> format = OutputOption.Create();
        Command command = new("analyze", "Look for what is wrong, doubtful or without effect in resources, and say what helps.") { live, failOn, format };
        source.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            string[] files = parsed.GetValue(source.Files) ?? [];
            if (parsed.GetValue(live) && files.Length > 0)
            {
                throw CliException.Usage("--live and --filename were both given", "--live", "either the cluster is looked at or files are", "leave one of them out");
            }

            ImmutableArray<Finding> findings = files.Length > 0
                ? Offline(files)
                : Look(await ClusterAccess.UseAsync(parsed.GetValue(source.Kubeconfig), parsed.GetValue(source.Context), time, ClusterObjects.ReadAsync, cancellation), []);
            Printer.Print(parsed.InvocationConfiguration.Output, parsed.GetValue(format), () => AnalysisJson.Of(findings), output => AnalysisText.Write(output, findings));
            return Fails(findings, parsed.GetValue(failOn)!) ? ExitCodes.Negative : ExitCodes.Ok;
        });
        return command;
    }

    private static ImmutableArray<Finding> Offline(string[] files)
    {
        ReadManifests read = ManifestFiles.Read(files);
        return
        [
            .. read.Errors.Select(Of),
            .. Look(OfflineCluster.Complete(read.Objects, assignAddresses: true), read.Findings),
        ];
    }

    private static ImmutableArray<Finding> Look(ImmutableArray<JsonObject> objects, ImmutableArray<Finding> known)
    {
        CompileResult compiled = MeshCompiler.Compile(new CompileInput(objects));
        return MeshAnalysis.Of(objects, compiled with { Findings = [.. known, .. compiled.Findings] });
    }

    private static Finding Of(ManifestError error) =>
        new(FindingCodes.InvalidObject, FindingLevel.Error, "", "", $"{error.File}:{error.Line}", error.Field, error.ToString());

    private static bool Fails(ImmutableArray<Finding> findings, string level) =>
        level != Never && Enum.TryParse(level, ignoreCase: true, out FindingLevel lowest) && findings.Any(f => f.Level >= lowest);
}
