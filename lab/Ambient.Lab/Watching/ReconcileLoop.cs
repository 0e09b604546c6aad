using System.Threading.Channels;
using Ambient.Kube.Http;
using Microsoft.Extensions.Logging;

namespace Ambient.Lab.Watching;

/// <summary>
/// Level-triggered: any number of <see cref="Trigger"/> calls lead to one run of the reconciler, which looks at everything again.
/// A run that fails is repeated after a pause that grows to 5 s; conflicts, which are ordinary, are repeated at once and not logged.
/// </summary>
internal sealed class ReconcileLoop(string name, Func<CancellationToken, Task> reconcile, TimeSpan settle, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan MaxRest = TimeSpan.FromMilliseconds(500);

    private readonly Channel<bool> signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Trigger() => signal.Writer.TryWrite(true);

    /// <summary>As a handler of <see cref="Mirror{T}.Changed"/>.</summary>
    public void On<T>(T? before, T? after) => Trigger();

    public async Task RunAsync(CancellationToken ct)
    {
        var failures = 0;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await signal.Reader.ReadAsync(ct).ConfigureAwait(false);
                if (settle > TimeSpan.Zero)
                {
                    await Task.Delay(settle, time, ct).ConfigureAwait(false);
                }

                var started = time.GetTimestamp();
                await reconcile(ct).ConfigureAwait(false);
                failures = 0;
                // In a large cluster a round takes a while: the loop rests as long as it worked, and meanwhile changes gather.
                var worked = time.GetElapsedTime(started);
                if (worked > Long)
                {
                    await Task.Delay(worked < MaxRest ? worked : MaxRest, time, ct).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                if (e is not KubeException { IsConflict: true } and not KubeException { IsNotFound: true })
                {
                    WatchingLog.ReconcileFailed(logger, name, e.Message);
                }

                var pause = TimeSpan.FromMilliseconds(Math.Min(5000, 50 << Math.Min(failures++, 8)));
                await Task.Delay(pause, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Trigger();
            }
        }
    }
}
