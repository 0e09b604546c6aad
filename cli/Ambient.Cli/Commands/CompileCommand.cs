using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
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
            (ImmutableArray<JsonObject> objects, ImmutableArray<ManifestError> unreadable) = ManifestFiles.Read(parsed.GetRequiredValue(files));
            foreach (ManifestError error in unreadable)
            {
                parsed.InvocationConfiguration.Error.WriteLine($"error: {error}");
            }

            CompileResult result = MeshCompiler.Compile(new CompileInput(OfflineCluster.Complete(objects)));
            Printer.Print(
                parsed.InvocationConfiguration.Output,
                parsed.GetValue(format),
                () => CompileJson.Of(result, unreadable),
                output => CompileText.Write(output, result));
            return unreadable.IsEmpty && !result.Findings.Any(f => f.Level == FindingLevel.Error) ? ExitCodes.Ok : ExitCodes.Negative;
        });
        return command;
    }
}
