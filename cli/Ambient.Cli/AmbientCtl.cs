using System.CommandLine;
using System.CommandLine.Parsing;
using Ambient.Cli.Commands;

namespace Ambient.Cli;

/// <summary>The command line: one file a command in <c>Commands/</c>. Runs in process too, for tests.</summary>
internal static class AmbientCtl
{
    // A lab in the foreground takes its pods down first.
    private static readonly TimeSpan PatienceAfterSignal = TimeSpan.FromSeconds(40);

    public static async Task<int> RunAsync(
        string[] args, TextWriter output, TextWriter error, TimeProvider time, CancellationToken cancellation = default)
    {
        if (args is ["lab", "run", .. var inside])
        {
            // The inside of a lab, started by 'lab up' with arguments that are its own business.
            return await Lab.Commands.LabCommands.RunAsync(inside, cancellation);
        }

        ParseResult parsed = Root(time).Parse(args.Length == 0 ? ["--help"] : args);
        bool completing = args is [['[', ..], ..]; // a directive, such as [suggest:12]
        if (parsed.Errors.Count > 0 && !completing)
        {
            return Explain(parsed, error);
        }

        InvocationConfiguration configuration = new()
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = PatienceAfterSignal,
        };
        try
        {
            return await parsed.InvokeAsync(configuration, cancellation);
        }
        catch (CliException e)
        {
            e.WriteTo(error);
            return e.ExitCode;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever it is, a person gets a sentence and a way to report it; never half an answer.
            error.WriteLine($"error: ambientctl failed: {e.Message}");
            error.WriteLine($"  where: {string.Join(' ', Path(parsed.CommandResult).Reverse())}");
            error.WriteLine($"  why:   a fault in this program\n{e}");
            return ExitCodes.Fault;
        }
    }

    internal static RootCommand Root(TimeProvider time) => new("See and steer the Ambient mesh: offline from files, or live from a cluster.")
    {
        CompileCommand.Create(),
        AnalyzeCommand.Create(time),
        ExplainCommand.Create(time),
        CheckCommand.Create(time),
        StatusCommand.Create(time),
        ProxyStatusCommand.Create(time),
        ProxyConfigCommand.Create(time),
        WaypointCommand.Create(time),
        LabCommand.Create(),
        CrdsCommand.Create(),
        CompletionCommand.Create(),
        VersionCommand.Create(),
    };

    private static int Explain(ParseResult parsed, TextWriter error)
    {
        string command = string.Join(' ', Path(parsed.CommandResult).Reverse());
        if (parsed.UnmatchedTokens is [var word, ..] && Spelling.Nearest(word, Words(parsed.CommandResult.Command)) is { } meant)
        {
            error.WriteLine($"error: '{word}' is not known here");
            error.WriteLine($"  next:  did you mean '{meant}'?");
            return ExitCodes.Usage;
        }

        foreach (ParseError problem in parsed.Errors)
        {
            error.WriteLine($"error: {problem.Message}");
        }

        error.WriteLine($"  next:  {command} --help");
        return ExitCodes.Usage;
    }

    private static IEnumerable<string> Words(Command command) =>
        command.Subcommands.Select(c => c.Name).Concat(command.Options.SelectMany(o => o.Aliases.Append(o.Name)));

    private static IEnumerable<string> Path(SymbolResult? result)
    {
        for (; result is CommandResult command; result = command.Parent)
        {
            yield return command.Command is RootCommand ? "ambientctl" : command.Command.Name;
        }
    }
}
