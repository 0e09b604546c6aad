using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Ambient.Cli.Cluster;
using Ambient.Cli.Explaining;
using Ambient.Cli.Explaining.Requests;
using Ambient.Cli.Files;
using Ambient.Cli.Output;
using Ambient.Compile;
using Ambient.Compile.Offline;
using Ambient.Compile.Reports;
using Ambient.Resources.Manifests;

namespace Ambient.Cli.Commands;

/// <summary><c>ambientctl explain --from NS/POD|outside --to URL|HOST:PORT|NS/POD:PORT [-f FILE…]</c>, or <c>--batch FILE</c>.</summary>
internal static class ExplainCommand
{
    public static Command Create(TimeProvider time)
    {
        Option<string> from = new("--from")
        {
            Description = "who connects: NAMESPACE/POD (or its Deployment, DaemonSet, StatefulSet), an address, or outside",
            HelpName = "pod",
        };
        Option<string> to = new("--to")
        {
            Description = "where to: a URL for what happens to a request; HOST:PORT or NAMESPACE/POD:PORT for what happens to a connection",
            HelpName = "destination",
        };
        Option<string?> via = new("--via") { Description = "Gateway that the request comes through: NAMESPACE/NAME", HelpName = "gateway" };
        Option<string> method = new("--method") { Description = "of the request", HelpName = "method", DefaultValueFactory = _ => Question.DefaultMethod };
        Option<string[]> headers = new("--header") { Description = "NAME=VALUE of the request; may be repeated", HelpName = "header" };
        Option<string?> sni = new("--sni") { Description = "server name of the TLS handshake, where it is not the URL's host", HelpName = "name" };
        Option<string?> batch = new("--batch") { Description = "file with one question a line, as JSON with the names of these options, or - for standard input; one answer a line", HelpName = "file" };
        Option<OutputFormat> format = OutputOption.Create();
        MeshSourceOptions source = new();
        Command command = new("explain", "Say what happens to a connection or a request: whether it is allowed, where it goes, and who says so.")
        {
            from, to, via, method, headers, sni, batch, format,
        };
        source.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(batch) is null)
            {
                _ = parsed.GetValue(from) ?? throw Missing("--from");
                _ = parsed.GetValue(to) ?? throw Missing("--to");
            }
            else if (parsed.GetValue(from) is not null || parsed.GetValue(to) is not null || parsed.GetValue(via) is not null || parsed.GetValue(sni) is not null || parsed.GetValue(headers) is { Length: > 0 })
            {
                throw CliException.Usage("--batch has its own questions", "--batch", "--from, --to, --via, --sni and --header ask a single one", "write them into the lines of the file");
            }

            ImmutableArray<JsonObject> objects = parsed.GetValue(source.Files) is { Length: > 0 } files
                ? Offline(files, parsed.InvocationConfiguration.Error)
                : await ClusterAccess.UseAsync(
                    parsed.GetValue(source.Kubeconfig), parsed.GetValue(source.Context), time, ClusterObjects.ReadAsync, cancellation);
            bool offline = parsed.GetValue(source.Files) is { Length: > 0 };
            ExplainedMesh mesh = new(objects, Compile(objects, parsed.InvocationConfiguration.Error), offline);
            if (parsed.GetValue(batch) is { } questions)
            {
                return await AnswerAsync(questions, parsed.InvocationConfiguration.Output, mesh, cancellation);
            }

            Question question = new(
                parsed.GetRequiredValue(from)!, parsed.GetRequiredValue(to)!, parsed.GetValue(via), Question.CheckedMethod(parsed.GetValue(method)!),
                [.. (parsed.GetValue(headers) ?? []).Select(Question.Header)], parsed.GetValue(sni));
            if (question.HasRequestAnswer)
            {
                RequestAnswer answer = new RequestExplainer(mesh).Explain(question);
                Printer.Print(parsed.InvocationConfiguration.Output, parsed.GetValue(format), () => answer.Json, output => RequestText.Write(output, answer));
                return answer.ExitCode;
            }

            Explanation explanation = new Explainer(mesh).Explain(question.From, question.To, question.Sni);
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

    private static CliException Missing(string option) =>
        CliException.Usage($"{option} is missing", option, "a question needs --from and --to, or a file of questions with --batch", "for example --from web/front --to http://orders.shop/api");

    private static async Task<int> AnswerAsync(string file, TextWriter output, ExplainedMesh mesh, CancellationToken cancellation)
    {
        if (file == "-")
        {
            return await Batch.RunAsync(Console.In, output, mesh, cancellation);
        }

        if (!File.Exists(file))
        {
            throw CliException.Usage($"cannot read '{file}'", "--batch", "there is no such file", "name a file, or - for standard input");
        }

        using StreamReader questions = new(file);
        return await Batch.RunAsync(questions, output, mesh, cancellation);
    }

    private static CompileResult Compile(ImmutableArray<JsonObject> objects, TextWriter error)
    {
        CompileResult compiled = MeshCompiler.Compile(new CompileInput(objects));
        foreach (Finding finding in compiled.Findings.Where(f => f.Level == FindingLevel.Error))
        {
            string field = finding.Field.Length > 0 ? $" {finding.Field}:" : "";
            error.WriteLine($"error: {finding.Kind} {(finding.Namespace.Length > 0 ? finding.Namespace + "/" : "")}{finding.Name}{field} {finding.Message}");
        }

        return compiled;
    }
}
