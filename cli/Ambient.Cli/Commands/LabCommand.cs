using System.CommandLine;
using Ambient.Lab.Commands;

namespace Ambient.Cli.Commands;

/// <summary><c>ambientctl lab up|down|status|demo</c>: a cluster on this machine. The lab itself is the library's;
/// <c>lab run</c>, its inside, does not pass through here.</summary>
internal static class LabCommand
{
    public static Command Create()
    {
        Option<string?> state = new("--state")
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
        };
    }

    private static Command Up(Option<string?> state)
    {
        LabUpParameters up = new(state);
        Option<bool> foreground = new("--foreground") { Description = "stay until a signal, instead of leaving the lab running" };
        Command command = new("up", "Bring a lab up.") { foreground };
        up.AddTo(command);
        command.SetAction((parsed, cancellation) => GuardAsync(() =>
            LabCommands.UpAsync(up.Of(parsed, detach: !parsed.GetValue(foreground)), parsed.InvocationConfiguration.Output, cancellation)));
        return command;
    }

    private static Command Down(Option<string?> state)
    {
        Command command = new("down", "Take the lab down.") { state };
        command.SetAction((parsed, cancellation) => GuardAsync(() =>
            LabCommands.DownAsync(parsed.GetValue(state), parsed.InvocationConfiguration.Output, cancellation)));
        return command;
    }

    private static Command Status(Option<string?> state)
    {
        Command command = new("status", "Say whether a lab is up and where its kubeconfig is.") { state };
        command.SetAction((parsed, cancellation) => GuardAsync(() =>
            LabCommands.StatusAsync(parsed.GetValue(state), parsed.InvocationConfiguration.Output, cancellation)));
        return command;
    }

    private static Command Demo(Option<string?> state)
    {
        LabUpParameters up = new(state);
        Option<bool> once = new("--once") { Description = "verify, report and leave, instead of staying until a signal" };
        Command command = new("demo", "Bring up a meshed lab, send traffic, and show the proof.") { once };
        up.AddTo(command);
        command.SetAction((parsed, cancellation) => GuardAsync(() =>
            LabCommands.DemoAsync(up.Of(parsed, detach: false), parsed.GetValue(once), parsed.InvocationConfiguration.Output, cancellation)));
        return command;
    }

    // What keeps a lab from starting is said by the library in a sentence; it is no fault of this program.
    private static async Task<int> GuardAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException or IOException)
        {
            throw new CliException(ExitCodes.Negative, "the lab failed", "this machine", e.Message, "ambientctl check machine", e);
        }
    }
}
