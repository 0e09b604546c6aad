using System.Diagnostics;
using System.Runtime.InteropServices;
using Ambient.Echo.Calling;

namespace Ambient.Echo;

/// <summary>
/// The client: <c>call http://HOST[:PORT]/PATH</c>, <c>call tcp HOST:PORT</c>, <c>call udp HOST:PORT</c>, with
/// <c>--count N --interval MS --timeout MS --keepalive --text TEXT --half-close --read-first --header NAME:VALUE</c>.
/// Prints a JSON line a call; exits 1 when the last call failed. <c>--count 0</c> goes on until it is stopped.
/// </summary>
internal static class Caller
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        var arguments = new Arguments(args);
        if (arguments.Words is not ([_] or ["tcp" or "udp", _]))
        {
            await Console.Error.WriteLineAsync("usage: ambient-echo call URL | tcp HOST:PORT | udp HOST:PORT").ConfigureAwait(false);
            return 2;
        }

        using var stop = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => Stop(c, stop));
        using var call = CallFactory.Create(arguments);
        var count = arguments.Number("count", 1);
        var interval = TimeSpan.FromMilliseconds(arguments.Number("interval", 0));
        var timeout = TimeSpan.FromMilliseconds(arguments.Number("timeout", 5000));
        var failed = false;
        for (var i = 0; (count == 0 || i < count) && !stop.IsCancellationRequested; i++)
        {
            if (i > 0 && interval > TimeSpan.Zero)
            {
                await Task.Delay(interval, TimeProvider.System, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            var started = Stopwatch.GetTimestamp();
            var outcome = await AttemptAsync(call, timeout).ConfigureAwait(false);
            failed = !outcome.Ok;
            await Console.Out.WriteLineAsync(outcome.ToJson(i, Stopwatch.GetElapsedTime(started))).ConfigureAwait(false);
        }

        return failed ? 1 : 0;
    }

    private static async Task<Outcome> AttemptAsync(ICall call, TimeSpan timeout)
    {
        using var limit = new CancellationTokenSource(timeout, TimeProvider.System);
        try
        {
            return await call.RunAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return Outcome.Failed(e is OperationCanceledException ? "timeout" : e) with { Phase = call.Phase };
        }
    }

    private static void Stop(PosixSignalContext context, CancellationTokenSource stop)
    {
        context.Cancel = true;
        stop.Cancel();
    }
}
