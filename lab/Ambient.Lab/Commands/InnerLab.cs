using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Ambient.Lab.Demo;
using Ambient.Lab.Kernel;
using Ambient.Lab.Starting;

namespace Ambient.Lab.Commands;

/// <summary>The lab's own process, first of its PID namespace.</summary>
internal sealed class InnerLab(InnerArguments arguments, TextWriter output, TimeProvider time)
{
    // O_PATH | O_DIRECTORY
    private const int PathOnly = 0x200000 | Native.ODirectory;

    public async Task<int> RunAsync(CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => Stop(c, stop));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, c => Stop(c, stop));
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, c => Stop(c, stop));
        var progress = new DemoProgress(output, time);
        // /run is about to be the lab's own: the state folder may be below the machine's, and is reached by its handle from here on.
        var state = Native.Check(Native.Open(arguments.State, PathOnly | Native.OCloExec, 0), $"open {arguments.State}");
        var folder = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{state}");
        try
        {
            await PrepareAsync().ConfigureAwait(false);
            return await HoldAsync(folder, progress, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        finally
        {
            Forget(folder);
        }
    }

    private static async Task PrepareAsync()
    {
        Native.Check(Native.Mount("tmpfs", "/run", "tmpfs", Native.MsNoSuid | Native.MsNoDev, "mode=755"), "mount /run");
        await Tool.RunAsync(null, "ip", ["link", "set", "lo", "up"]).ConfigureAwait(false);
    }

    private async Task<int> HoldAsync(string folder, DemoProgress progress, CancellationToken ct)
    {
        _ = Native.Fcntl(arguments.ApiFd, 2, Native.FdCloExec);
        var socket = new Socket(new SafeSocketHandle(arguments.ApiFd, ownsHandle: true));
        using var logging = new LabLogging(output, time);
        await using var lab = await LabCluster.StartAsync(
            new LabOptions
            {
                Nodes = arguments.Nodes,
                Families = arguments.Families,
                Mesh = arguments.Mesh,
                StateDirectory = folder,
                ApiSocket = socket,
                Time = time,
                Logging = logging,
            },
            ct).ConfigureAwait(false);
        var kubeconfig = Path.Combine(arguments.State, "kubeconfig");
        progress.Say(string.Create(CultureInfo.InvariantCulture, $"cluster up: {arguments.Nodes} nodes{(arguments.Mesh ? ", operator and ztunnels ready" : "")}"));
        progress.Say($"kubectl --kubeconfig {kubeconfig} get pods -A");
        await File.WriteAllTextAsync(Path.Combine(folder, "ready"), "ready\n", ct).ConfigureAwait(false);
        var code = arguments.Demo ? await DemoStory.TellAsync(lab, Manifests(), output, progress, time, ct).ConfigureAwait(false) : 0;
        await output.FlushAsync(ct).ConfigureAwait(false);
        if (arguments is { Demo: true, Once: true })
        {
            return code;
        }

        progress.Say("the lab stays up until Ctrl-C");
        await Task.Delay(Timeout.InfiniteTimeSpan, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return code;
    }

    private static string Manifests() => Path.Combine(Path.GetDirectoryName(LabFolders.Artifacts()) ?? "/", "examples", "demo");

    private static void Forget(string folder)
    {
        foreach (var file in (string[])["kubeconfig", "ready", "pid"])
        {
            File.Delete(Path.Combine(folder, file));
        }
    }

    private static void Stop(PosixSignalContext context, CancellationTokenSource stop)
    {
        context.Cancel = true;
        try
        {
            stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The command line heard the same signal, and the lab has ended already.
        }
    }
}
