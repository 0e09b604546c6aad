using System.Text;
using System.Threading.Channels;
using Ambient.Kube.Emulator.Nodes;
using Ambient.Lab.Kernel;

namespace Ambient.Lab.Containers;

/// <summary>Runs commands inside a running container.</summary>
internal sealed class ExecRunner(LaunchedProcess container, LaunchPlan plan)
{
    private static readonly TimeSpan FirstSize = TimeSpan.FromMilliseconds(300);
    private const int MaxOutput = 16 * 1024 * 1024;

    /// <summary>Without input; output kept up to 16 MiB a stream, the rest read and dropped. Cancelling kills the command.</summary>
    public async Task<ExecResult> RunAsync(IReadOnlyList<string> command, CancellationToken ct)
    {
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        var code = await RunAsync(command, null, output, error, ct).ConfigureAwait(false);
        return new ExecResult(code, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()));
    }

    /// <summary>With streams; a null one leads to /dev/null. Returns the exit code.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> command, Stream? input, Stream? output, Stream? error, CancellationToken ct)
    {
        var stdin = input is null ? default : Pipe.ToChild();
        var stdout = Pipe.FromChild();
        var stderr = Pipe.FromChild();
        await using var closeOut = stdout.Stream;
        await using var closeErr = stderr.Stream;
        ChildProcess child;
        try
        {
            child = await Launcher.JoinAsync(
                container.Process.Id, plan, command, (input is null ? -1 : stdin.ChildEnd, stdout.ChildEnd, stderr.ChildEnd)).ConfigureAwait(false);
        }
        catch (Exception)
        {
            if (input is not null)
            {
                await stdin.Stream.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
        finally
        {
            _ = Native.Close(stdout.ChildEnd);
            _ = Native.Close(stderr.ChildEnd);
            if (input is not null)
            {
                _ = Native.Close(stdin.ChildEnd);
            }
        }

        using var gone = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await using var killer = ct.Register(() => child.Signal(Native.SigKill, group: true)).ConfigureAwait(false);
        var feed = input is null ? Task.CompletedTask : FeedAsync(input, stdin.Stream, gone.Token);
        var streams = Task.WhenAll(CopyAsync(stdout.Stream, output), CopyAsync(stderr.Stream, error));
        var exit = await child.Exited.ConfigureAwait(false);
        // What a background child still writes is not waited for longer than a moment.
        await Task.WhenAny(streams, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None)).ConfigureAwait(false);
        await gone.CancelAsync().ConfigureAwait(false);
        await feed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
        return exit.Code;
    }

    /// <summary>On a terminal of its own, with its sizes as they change; standard error is part of the output.</summary>
    public async Task<int> RunOnTerminalAsync(
        IReadOnlyList<string> command, Stream? input, Stream? output, ChannelReader<TerminalSize> sizes, CancellationToken ct)
    {
        using var terminal = Terminal.Open();
        // A caller says its size at once; the command should not see the terminal without one.
        using (var soon = new CancellationTokenSource(FirstSize, TimeProvider.System))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(soon.Token, ct))
        {
            try
            {
                var first = await sizes.ReadAsync(either.Token).ConfigureAwait(false);
                terminal.Resize(first.Width, first.Height);
            }
            catch (Exception e) when ((e is OperationCanceledException && !ct.IsCancellationRequested) || e is ChannelClosedException)
            {
                // A caller without a size.
            }
        }

        var child = await Launcher.JoinAsync(container.Process.Id, plan, command, (-1, -1, -1), terminal.Path).ConfigureAwait(false);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await using var killer = ct.Register(() => child.Signal(Native.SigKill, group: true)).ConfigureAwait(false);
        var resize = ResizeAsync(terminal, sizes, gone.Token);
        var feed = input is null ? Task.CompletedTask : TypeAsync(input, terminal.Stream, gone.Token);
        var copy = CopyAsync(terminal.Stream, output);
        var exit = await child.Exited.ConfigureAwait(false);
        await Task.WhenAny(copy, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None)).ConfigureAwait(false);
        await gone.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(feed, resize).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
        return exit.Code;
    }

    private static async Task ResizeAsync(Terminal terminal, ChannelReader<TerminalSize> sizes, CancellationToken ct)
    {
        await foreach (var size in sizes.ReadAllAsync(ct).ConfigureAwait(false))
        {
            terminal.Resize(size.Width, size.Height);
        }
    }

    private static async Task TypeAsync(Stream from, Stream to, CancellationToken ct)
    {
        var buffer = new byte[4096];
        int read;
        while ((read = await from.ReadAsync(buffer, ct).ConfigureAwait(false)) > 0)
        {
            await to.WriteAsync(buffer.AsMemory(0, read), ct).ConfigureAwait(false);
            await to.FlushAsync(ct).ConfigureAwait(false);
        }
    }

    private static async Task FeedAsync(Stream from, Stream to, CancellationToken ct)
    {
        await using (to)
        {
            try
            {
                await from.CopyToAsync(to, ct).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The command ended, or its caller went away.
            }
        }
    }

    private static async Task CopyAsync(Stream from, Stream? to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await from.ReadAsync(buffer).ConfigureAwait(false)) > 0)
            {
                if (to is not null and not MemoryStream { Length: > MaxOutput })
                {
                    await to.WriteAsync(buffer.AsMemory(0, read)).ConfigureAwait(false);
                    await to.FlushAsync().ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The reader or the command is gone.
        }
    }
}
