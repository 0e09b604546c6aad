using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Ambient.Cli.Cluster;
using Ambient.Cli.Explaining;
using Ambient.Cli.Files;
using Ambient.Cli.Output;
using Ambient.Compile;
using Ambient.Compile.Offline;
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
            Explanation explanation = Explain(objects, parsed.GetRequiredValue(from), parsed.GetRequiredValue(to));
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
        (ImmutableArray<JsonObject> objects, ImmutableArray<ManifestError> errors) = ManifestFiles.Read(files);
        foreach (ManifestError problem in errors)
        {
            error.WriteLine($"error: {problem}");
        }

        return errors.IsEmpty
            ? OfflineCluster.Complete(objects, assignAddresses: true)
            : throw CliException.Usage("not all files could be read", "--filename", $"{errors.Length} documents are not Kubernetes objects", "repair them and ask again");
    }

    private static Explanation Explain(ImmutableArray<JsonObject> objects, string from, string to)
    {
        MeshSnapshot mesh = MeshSnapshot.Empty.With(MeshCompiler.Compile(new CompileInput(objects)).ToUpdate());
        return new Explainer(mesh).Explain(from, to);
    }
}
