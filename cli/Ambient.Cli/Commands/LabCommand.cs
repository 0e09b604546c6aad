using System.CommandLine;
using Ambient.Lab.Commands;

namespace Ambient.Cli.Commands;

/// <summary><c>ambientctl lab up|down|status|demo</c>: a cluster on this machine. The lab itself is the library's.</summary>
internal static class LabCommand
{
    public static Command Create()
    {
        Option<string?> state = new("--state-dir")
        {
            Description = "folder for kubeconfig and log; $XDG_RUNTIME_DIR/ambient-lab or /tmp/ambient-lab-UID without it",
            HelpName = "dir",
        };
        return new Command("lab", "A cluster on this machine: nodes and pods are network namespaces, containers are processes.")
        {
            Up(state),
            Down(state),
            Status(state),
            Demo(state),
            Run(),
        };
    }

    private static Command Up(Option<string?> state)
    {
        LabUpParameters up = new(state);
        Option<bool> foreground = new("--foreground") { Description = "stay until a signal, instead of leaving the lab running" };
        Command command = new("up", "Bring a lab up.") { foreground };
        up.AddTo(command);
        command.SetAction((parsed, cancellation) =>
            LabCommands.UpAsync(up.Of(parsed, detach: !parsed.GetValue(foreground)), parsed.InvocationConfiguration.Output, cancellation));
        return command;
    }

    private static Command Down(Option<string?> state)
    {
        Command command = new("down", "Take the lab down.") { state };
        command.SetAction((parsed, cancellation) =>
            LabCommands.DownAsync(parsed.GetValue(state), parsed.InvocationConfiguration.Output, cancellation));
        return command;
    }

    private static Command Status(Option<string?> state)
    {
        Command command = new("status", "Say whether a lab is up and where its kubeconfig is.") { state };
        command.SetAction((parsed, cancellation) =>
            LabCommands.StatusAsync(parsed.GetValue(state), parsed.InvocationConfiguration.Output, cancellation));
        return command;
    }

    private static Command Demo(Option<string?> state)
    {
        LabUpParameters up = new(state);
        Option<bool> once = new("--once") { Description = "verify, report and leave, instead of staying until a signal" };
        Command command = new("demo", "Bring up a meshed lab, send traffic, and show the proof.") { once };
        up.AddTo(command);
        command.SetAction((parsed, cancellation) =>
            LabCommands.DemoAsync(up.Of(parsed, detach: false), parsed.GetValue(once), parsed.InvocationConfiguration.Output, cancellation));
        return command;
    }

    // Started by 'lab up' inside its namespaces; nobody types it.
    private static Command Run()
    {
        Argument<string[]> arguments = new("arguments") { Arity = ArgumentArity.ZeroOrMore };
        Command command = new("run", "The inside of a lab.") { arguments };
        command.Hidden = true;
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, cancellation) =>
            LabCommands.RunAsync([.. parsed.GetValue(arguments) ?? [], .. parsed.UnmatchedTokens], cancellation));
        return command;
    }
}
