using System.Security.Cryptography;
using Ambient.Lab.Kernel;
using Ambient.Lab.Objects;
using Ambient.Lab.Probing;

namespace Ambient.Lab.Containers;

/// <summary>
/// A container for as long as its pod lives: start, probes, restart with a back-off that doubles from 1 s to 60 s (at once the
/// first time; forgotten after a minute of running), and the graceful stop. One task runs it; others read <see cref="View"/>.
/// </summary>
internal sealed class ContainerRunner : IDisposable
{
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxBackOff = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Forgiven = TimeSpan.FromMinutes(1);

    private readonly Func<LaunchPlan> plan;
    private readonly Func<ExecRunner, ProbeSet> probes;
    private readonly bool init;
    private readonly string policy;
    private readonly ContainerHost host;
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private LaunchedProcess? process;

    /// <param name="spec">What the pod says.</param>
    /// <param name="plan">Made anew for each run.</param>
    /// <param name="probes">The probes of each run.</param>
    /// <param name="role">Whether it is an init container that must end, and the restart policy in force.</param>
    /// <param name="host">What the node gives.</param>
    public ContainerRunner(LabContainer spec, Func<LaunchPlan> plan, Func<ExecRunner, ProbeSet> probes, (bool Init, string Policy) role, ContainerHost host)
    {
        Spec = spec;
        this.plan = plan;
        this.probes = probes;
        (init, policy) = role;
        this.host = host;
        View = new ContainerView { State = new ContainerState.Waiting(init ? "PodInitializing" : "ContainerCreating", "") };
    }

    /// <summary>After every change of <see cref="View"/>.</summary>
    public event Action? Changed;

    public LabContainer Spec { get; }

    /// <summary>It must end before the next container starts.</summary>
    public bool IsInit => init;

    public ContainerView View { get; private set; }

    public ContainerLog? Log { get; private set; }

    public ContainerLog? PreviousLog { get; private set; }

    /// <summary>How to start something in the present run; null when none runs.</summary>
    public ExecRunner? Exec { get; private set; }

    /// <summary>The first process of the present run.</summary>
    public int? ProcessId
    {
        get
        {
            lock (gate)
            {
                return process?.Process.Id;
            }
        }
    }

    /// <summary>Runs until the container has ended for good or <see cref="StopAsync"/> ended it.</summary>
    public async Task RunAsync()
    {
        var backOff = TimeSpan.Zero;
        while (!stopping.IsCancellationRequested)
        {
            var started = host.Time.GetUtcNow();
            var ended = await RunOnceAsync().ConfigureAwait(false);
            if (ended is { } exit && (init ? exit.Code == 0 || policy == "Never" : policy == "Never" || (policy == "OnFailure" && exit.Code == 0)))
            {
                Set(View with { Final = true });
                return;
            }

            if (stopping.IsCancellationRequested)
            {
                break;
            }

            if (host.Time.GetUtcNow() - started > Forgiven)
            {
                backOff = TimeSpan.Zero;
            }

            await WaitBackOffAsync(backOff, ended is null).ConfigureAwait(false);
            backOff = backOff == TimeSpan.Zero ? FirstBackOff : backOff * 2 > MaxBackOff ? MaxBackOff : backOff * 2;
        }

        Set(View with { Final = true, Ready = false });
    }

    /// <summary>preStop, SIGTERM, and after <paramref name="grace"/> SIGKILL to all that is left.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        LaunchedProcess? running;
        lock (gate)
        {
            stopping.Cancel();
            running = process;
        }

        if (running is not null)
        {
            using var limit = new CancellationTokenSource(grace, host.Time);
            await BeforeStopAsync(limit.Token).ConfigureAwait(false);
            await EndAsync(running, limit.Token).ConfigureAwait(false);
        }
    }

    /// <summary>After <see cref="RunAsync"/> has ended.</summary>
    public void Dispose() => stopping.Dispose();

    /// <summary>A signal to the first process alone.</summary>
    public bool Signal(int signal)
    {
        lock (gate)
        {
            process?.Process.Signal(signal);
            return process is not null;
        }
    }

    private async Task<ExitStatus?> RunOnceAsync()
    {
        var startedAt = host.Time.GetUtcNow();
        LaunchedProcess running;
        var (output, childEnd) = Pipe.FromChild();
        try
        {
            var launch = plan();
            running = await Launcher.StartAsync(launch, childEnd).ConfigureAwait(false);
            Exec = new ExecRunner(running, launch);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException or ImageException)
        {
            await output.DisposeAsync().ConfigureAwait(false);
            var reason = e is ImageException ? "ErrImagePull" : "CreateContainerError";
            NodeLog.ContainerNotStarted(host.Logger, host.Pod, Spec.Name, e.Message);
            Set(View with { State = new ContainerState.Waiting(reason, e.Message), Ready = false, Started = false });
            return null;
        }
        finally
        {
            _ = Native.Close(childEnd);
        }

        return await AttendAsync(running, output, startedAt).ConfigureAwait(false);
    }

    private async Task<ExitStatus> AttendAsync(LaunchedProcess running, Stream output, DateTimeOffset startedAt)
    {
        PreviousLog = Log;
        Log = new ContainerLog(host.Time);
        var pump = Log.PumpAsync(output);
        bool late;
        lock (gate)
        {
            process = running;
            late = stopping.IsCancellationRequested;
        }

        if (late)
        {
            running.Process.Signal(Native.SigTerm);
        }

        var set = probes(Exec!);
        Set(View with
        {
            State = new ContainerState.Running(startedAt),
            Started = set.Startup is null,
            Ready = set is { Startup: null, Readiness: null },
            Id = "lab://" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)),
        });
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        var probing = set.RunAsync(
            (started, ready) => Set(View with { Started = started, Ready = ready }),
            () => KillUnhealthyAsync(running),
            ended.Token);
        var exit = await running.Process.Exited.ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        await probing.ConfigureAwait(false);
        lock (gate)
        {
            process = null;
            Exec = null;
        }

        running.KillAll();
        await Task.WhenAny(pump, Task.Delay(TimeSpan.FromSeconds(1), host.Time)).ConfigureAwait(false);
        await output.DisposeAsync().ConfigureAwait(false);
        var last = new ContainerState.Terminated(exit.Code, exit.Signal, exit.Code == 0 ? "Completed" : "Error", startedAt, host.Time.GetUtcNow());
        Set(View with { State = last, Ready = false, Started = false });
        return exit;
    }

    private async Task WaitBackOffAsync(TimeSpan delay, bool neverRan)
    {
        var state = View.State;
        if (delay > TimeSpan.Zero)
        {
            var reason = neverRan ? ((ContainerState.Waiting)state).Reason == "ErrImagePull" ? "ImagePullBackOff" : "CreateContainerError" : "CrashLoopBackOff";
            var message = state is ContainerState.Waiting w ? w.Message : $"back-off {delay.TotalSeconds:0}s restarting failed container={Spec.Name} pod={host.Pod}";
            Set(View with { State = new ContainerState.Waiting(reason, message), Last = state as ContainerState.Terminated ?? View.Last });
            await Task.Delay(delay, host.Time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (!stopping.IsCancellationRequested && !neverRan)
        {
            Set(View with { Restarts = View.Restarts + 1, Last = state as ContainerState.Terminated ?? View.Last });
        }
    }

    private async Task KillUnhealthyAsync(LaunchedProcess running)
    {
        using var limit = new CancellationTokenSource(host.Grace, host.Time);
        await EndAsync(running, limit.Token).ConfigureAwait(false);
    }

    private async Task BeforeStopAsync(CancellationToken limit)
    {
        try
        {
            if (Spec.Lifecycle?.PreStop?.Sleep is { } sleep)
            {
                await Task.Delay(TimeSpan.FromSeconds(sleep.Seconds), host.Time, limit).ConfigureAwait(false);
            }

            if (Spec.Lifecycle?.PreStop?.Exec?.Command is { Count: > 0 } command && Exec is { } exec)
            {
                await exec.RunAsync(command, limit).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException)
        {
            NodeLog.PreStopFailed(host.Logger, host.Pod, Spec.Name, e.Message);
        }
    }

    private static async Task EndAsync(LaunchedProcess running, CancellationToken limit)
    {
        running.Process.Signal(Native.SigTerm);
        try
        {
            await running.Process.Exited.WaitAsync(limit).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            running.KillAll();
            await running.Process.Exited.ConfigureAwait(false);
        }
    }

    private void Set(ContainerView view)
    {
        View = view;
        Changed?.Invoke();
    }
}
