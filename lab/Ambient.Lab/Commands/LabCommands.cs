namespace Ambient.Lab.Commands;

/// <summary>The commands <c>ambientctl lab …</c>; each returns its exit code. The CLI wires them and owns the words on the screen.</summary>
public static class LabCommands
{
    /// <summary>
    /// Starts a lab in namespaces of its own. With <see cref="LabUpOptions.Detach"/> it returns when the lab is ready; otherwise this
    /// process becomes the lab, until a signal. The API socket is opened first, in the present network namespace.
    /// </summary>
    public static Task<int> UpAsync(LabUpOptions options, TextWriter output, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Ends the lab of the state folder and waits until it is gone; 0 also when there is none.</summary>
    public static Task<int> DownAsync(string? stateDirectory, TextWriter output, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Says whether a lab is up and where its kubeconfig is; 1 when none is.</summary>
    public static Task<int> StatusAsync(string? stateDirectory, TextWriter output, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Brings up a meshed lab, sends traffic, reports; stays until a signal, or with <paramref name="once"/> verifies and leaves (0, or 1 naming what failed).</summary>
    public static Task<int> DemoAsync(LabUpOptions options, bool once, TextWriter output, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Hidden <c>lab run</c>: the part inside the namespaces, started by <see cref="UpAsync"/> with its arguments.</summary>
    public static Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken ct) => throw new NotSupportedException();
}
