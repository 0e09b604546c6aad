using System.CommandLine;
using Ambient.Cli.Compiling;
using Ambient.Cli.Files;
using Ambient.Cli.Output;
using Ambient.Compile;
using Ambient.Compile.Offline;
using Ambient.Compile.Reports;
using Ambient.Resources.Manifests;

namespace Ambient.Cli.Commands;

/// <summary><c>ambientctl compile -f FILE…</c>: what a cluster would make of these files, without one.</summary>
internal static class CompileCommand
{
    public static Command Create()
    {
        Option<string[]> files = new("--filename", "-f")
        {
            Description = "file, directory or - for standard input; may be repeated",
            HelpName = "file",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        Option<OutputFormat> format = OutputOption.Create();
        Command command = new("compile", "Compile resources from files: the mesh's configuration, each resource's status, and findings.") { files, format };
        command.SetAction(parsed =>
        {
            ReadManifests read = ManifestFiles.Read(parsed.GetRequiredValue(files));
            foreach (ManifestError error in read.Errors)
            {
                parsed.InvocationConfiguration.Error.WriteLine($"error: {error}");
            }

            CompileResult result = MeshCompiler.Compile(new CompileInput(OfflineCluster.Complete(read.Objects)));
            result = result with { Findings = [.. read.Findings, .. result.Findings] };
            Printer.Print(
                parsed.InvocationConfiguration.Output,
                parsed.GetValue(format),
                () => CompileJson.Of(result, read.Errors),
                output => CompileText.Write(output, result),
                output => CompileText.Write(output, result, wide: true));
            return read.Errors.IsEmpty && !result.Findings.Any(f => f.Level == FindingLevel.Error) ? ExitCodes.Ok : ExitCodes.Negative;
        });
        return command;
    }
}
