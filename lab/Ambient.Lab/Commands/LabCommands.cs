using System.Net.Sockets;
using Ambient.Lab.Kernel;
using Ambient.Lab.Starting;

namespace Ambient.Lab.Commands;

/// <summary>The commands <c>ambientctl lab …</c>; each returns its exit code. The CLI wires them and owns the words on the screen.</summary>
public static class LabCommands
{
    private static readonly TimeSpan ReadyPatience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan DownPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Starts a lab in namespaces of its own. With <see cref="LabUpOptions.Detach"/> it returns when the lab is ready; otherwise this
    /// process becomes the lab, until a signal. The API socket is opened first, in the present network namespace.
    /// </summary>
    public static async Task<int> UpAsync(LabUpOptions options, TextWriter output, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(output);
        return await OwnFaultsAsync(output, async () =>
        {
            var state = StateFolder.At(options.StateDirectory);
            state.Make();
            using var claim = state.Claim();
            if (state.Running() is { } running)
            {
                await output.WriteLineAsync($"a lab is up already (pid {running.Id}); kubeconfig: {state.Kubeconfig}").ConfigureAwait(false);
                return 1;
            }

            if (options.Detach)
            {
                return await DetachAsync(options, state, claim, output, ct).ConfigureAwait(false);
            }

            Become(options, state, demo: false, once: false);
            return 1;
        }).ConfigureAwait(false);
    }

    /// <summary>Ends the lab of the state folder and waits until it is gone; 0 also when there is none.</summary>
    public static async Task<int> DownAsync(string? stateDirectory, TextWriter output, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(output);
        return await OwnFaultsAsync(output, async () =>
        {
            var state = StateFolder.At(stateDirectory);
            if (!Directory.Exists(state.Path))
            {
                await output.WriteLineAsync("no lab is up").ConfigureAwait(false);
                return 0;
            }

            using var claim = state.Claim();
            var lab = state.Running();
            if (lab is not null)
            {
                await EndAsync(lab, ct).ConfigureAwait(false);
            }

            state.Clear();
            await output.WriteLineAsync(lab is null ? "no lab is up" : "the lab is down").ConfigureAwait(false);
            return 0;
        }).ConfigureAwait(false);
    }

    /// <summary>Says whether a lab is up and where its kubeconfig is; 1 when none is.</summary>
    public static async Task<int> StatusAsync(string? stateDirectory, TextWriter output, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(output);
        var state = StateFolder.At(stateDirectory);
        if (state.Running() is not { } lab)
        {
            await output.WriteLineAsync("no lab is up").ConfigureAwait(false);
            return 1;
        }

        await output.WriteLineAsync($"{(File.Exists(state.Ready) ? "up" : "starting")}, pid {lab.Id}, kubeconfig: {state.Kubeconfig}").ConfigureAwait(false);
        return 0;
    }

    /// <summary>Brings up a meshed lab, sends traffic, reports; stays until a signal, or with <paramref name="once"/> verifies and leaves (0, or 1 naming what failed).</summary>
    public static async Task<int> DemoAsync(LabUpOptions options, bool once, TextWriter output, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(output);
        return await OwnFaultsAsync(output, () =>
        {
            var state = StateFolder.At(options.StateDirectory);
            state.Make();
            using var claim = state.Claim();
            if (state.Running() is { } running)
            {
                throw new InvalidOperationException($"a lab is up already (pid {running.Id}): end it by `ambientctl lab down`, or use another --state");
            }

            Become(options with { Mesh = true }, state, demo: true, once);
            return Task.FromResult(1);
        }).ConfigureAwait(false);
    }

    /// <summary>Hidden <c>lab run</c>: the part inside the namespaces, started by <see cref="UpAsync"/> with its arguments.</summary>
    public static Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken ct) =>
        OwnFaultsAsync(Console.Out, () =>
        {
            LabFolders.RequireNamespaces();
            return new InnerLab(InnerArguments.Parse(arguments), Console.Out, TimeProvider.System).RunAsync(ct);
        });

    private static void Become(LabUpOptions options, StateFolder state, bool demo, bool once)
    {
        state.Clear();
        // Not disposed: the handle is the lab's from here on, or this process ends.
        var socket = ApiSockets.Loopback(options.ApiPort);
        state.Remember(LabProcess.Of(Environment.ProcessId));
        NamespaceEntry.Exec(Inner(options, state, socket) with { Mesh = options.Mesh, Demo = demo, Once = once });
    }

    private static InnerArguments Inner(LabUpOptions options, StateFolder state, Socket socket) => new()
    {
        ApiFd = (int)socket.SafeHandle.DangerousGetHandle(),
        State = state.Path,
        Nodes = options.Nodes,
        Families = options.Families,
        Mesh = options.Mesh,
    };

    private static async Task<int> DetachAsync(LabUpOptions options, StateFolder state, IDisposable claim, TextWriter output, CancellationToken ct)
    {
        state.Clear();
        File.Delete(state.Log);
        var log = Native.Check(Native.Open(state.Log, 0x1 | 0x40 | 0x400 | Native.OCloExec, 0x180), $"create {state.Log}");
        using var socket = ApiSockets.Loopback(options.ApiPort);
        var lab = await NamespaceEntry.SpawnAsync(Inner(options, state, socket), log).ConfigureAwait(false);
        state.Remember(LabProcess.Of(lab.Id));
        // Whoever comes from here on sees the lab, and may end it while it starts.
        claim.Dispose();
        _ = Native.Close(log);
        var deadline = TimeProvider.System.GetUtcNow() + ReadyPatience;
        while (!File.Exists(state.Ready))
        {
            if (lab.Exited.IsCompleted || TimeProvider.System.GetUtcNow() > deadline)
            {
                lab.Signal(Native.SigKill);
                await output.WriteLineAsync($"the lab did not start; its log ({state.Log}) ends:\n{Tail(state.Log)}").ConfigureAwait(false);
                return 1;
            }

            await Task.Delay(Look, TimeProvider.System, ct).ConfigureAwait(false);
        }

        await output.WriteLineAsync($"the lab is up; kubeconfig: {state.Kubeconfig}").ConfigureAwait(false);
        return 0;
    }

    private static async Task EndAsync(LabProcess lab, CancellationToken ct)
    {
        lab.End(hard: false);
        if (!await GoneAsync(lab, DownPatience, ct).ConfigureAwait(false))
        {
            lab.End(hard: true);
            await GoneAsync(lab, DownPatience, ct).ConfigureAwait(false);
        }
    }

    private static async Task<bool> GoneAsync(LabProcess lab, TimeSpan patience, CancellationToken ct)
    {
        var deadline = TimeProvider.System.GetUtcNow() + patience;
        while (lab.IsAlive && TimeProvider.System.GetUtcNow() < deadline)
        {
            await Task.Delay(Look, TimeProvider.System, ct).ConfigureAwait(false);
        }

        return !lab.IsAlive;
    }

    private static string Tail(string file) => string.Join('\n', File.ReadLines(file).TakeLast(20));

    /// <summary>What a person can mend is one line and exit code 1, not a stack of calls.</summary>
    private static async Task<int> OwnFaultsAsync(TextWriter output, Func<Task<int>> command)
    {
        try
        {
            return await command().ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or SocketException or TimeoutException or UnauthorizedAccessException or ArgumentException)
        {
            await output.WriteLineAsync(e.Message).ConfigureAwait(false);
            return 1;
        }
    }
}
