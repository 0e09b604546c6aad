using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Ambient.Cli.Cluster;
using Ambient.Cli.Explaining;
using Ambient.Cli.Files;
using Ambient.Cli.Output;
using Ambient.Compile;
using Ambient.Compile.Offline;
using Ambient.Compile.Reports;
using Ambient.Core;
using Ambient.Resources.Manifests;

namespace Ambient.Cli.Commands;

/// <summary><c>ambientctl explain --from NS/POD|outside --to HOST:PORT|NS/POD:PORT [-f FILE…]</c>.</summary>
internal static class ExplainCommand
{
    public static Command Create(TimeProvider time)
    {
        Option<string> from = new("--from")
        {
            Description = "who connects: NAMESPACE/POD (or its Deployment, DaemonSet, StatefulSet), an address, or outside",
            HelpName = "pod",
            Required = true,
        };
        Option<string> to = new("--to")
        {
            Description = "where to: HOST:PORT or NAMESPACE/POD:PORT",
            HelpName = "destination",
            Required = true,
        };
        Option<OutputFormat> format = OutputOption.Create();
        MeshSourceOptions source = new();
        Command command = new("explain", "Say whether a connection is allowed, how it travels, and which policy decides.") { from, to, format };
        source.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            ImmutableArray<JsonObject> objects = parsed.GetValue(source.Files) is { Length: > 0 } files
                ? Offline(files, parsed.InvocationConfiguration.Error)
                : await ClusterAccess.UseAsync(
                    parsed.GetValue(source.Kubeconfig), parsed.GetValue(source.Context), time, ClusterObjects.ReadAsync, cancellation);
            Explanation explanation = Explain(objects, parsed.GetRequiredValue(from), parsed.GetRequiredValue(to), parsed.InvocationConfiguration.Error);
            Printer.Print(
                parsed.InvocationConfiguration.Output,
                parsed.GetValue(format),
                () => ExplanationJson.Of(explanation),
                output => ExplanationText.Write(output, explanation));
            return explanation.ExitCode;
        });
        return command;
    }

    // An answer from half of the files would be a wrong one.
    private static ImmutableArray<JsonObject> Offline(string[] files, TextWriter error)
    {
        ReadManifests read = ManifestFiles.Read(files);
        foreach (ManifestError problem in read.Errors)
        {
            error.WriteLine($"error: {problem}");
        }

        foreach (Finding finding in read.Findings)
        {
            error.WriteLine($"warning: {finding.Kind} {finding.Name} {finding.Message}");
        }

        return read.Errors.IsEmpty
            ? OfflineCluster.Complete(read.Objects, assignAddresses: true)
            : throw CliException.Usage(
                "not all files could be read", "--filename", $"{read.Errors.Length} {(read.Errors.Length == 1 ? "document is" : "documents are")} not a Kubernetes object",
                "repair what the lines above name and ask again");
    }

    private static Explanation Explain(ImmutableArray<JsonObject> objects, string from, string to, TextWriter error)
    {
        CompileResult compiled = MeshCompiler.Compile(new CompileInput(objects));
        foreach (Finding finding in compiled.Findings.Where(f => f.Level == FindingLevel.Error))
        {
            string field = finding.Field.Length > 0 ? $" {finding.Field}:" : "";
            error.WriteLine($"error: {finding.Kind} {(finding.Namespace.Length > 0 ? finding.Namespace + "/" : "")}{finding.Name}{field} {finding.Message}");
        }

        return new Explainer(MeshSnapshot.Empty.With(compiled.ToUpdate())).Explain(from, to);
    }
}
