using System.Runtime.CompilerServices;
using Ambient.Lab.Objects;

namespace Ambient.Lab.Probing;

/// <summary>One probe of one container, asked every period; thresholds decide.</summary>
internal sealed class ProbeLoop(LabProbe spec, Func<CancellationToken, Task<bool>> ask, TimeProvider time)
{
    // While undecided at the beginning a container is asked more often than its period, so that a quick one is ready quickly.
    private static readonly TimeSpan Eager = TimeSpan.FromMilliseconds(100);
    private const int EagerTries = 50;

    private readonly TimeSpan period = TimeSpan.FromSeconds(Math.Max(1, spec.PeriodSeconds ?? 10));
    private readonly TimeSpan timeout = TimeSpan.FromSeconds(Math.Max(1, spec.TimeoutSeconds ?? 1));
    private readonly int successes = Math.Max(1, spec.SuccessThreshold ?? 1);
    private readonly int failures = Math.Max(1, spec.FailureThreshold ?? 3);

    /// <summary>True at the first success; false when it has failed too often.</summary>
    public async Task<bool> UntilDecidedAsync(CancellationToken ct)
    {
        await DelayAsync(TimeSpan.FromSeconds(spec.InitialDelaySeconds ?? 0), ct).ConfigureAwait(false);
        var deadline = time.GetUtcNow() + (period * failures);
        for (var tries = 1; ; tries++)
        {
            if (await AskAsync(ct).ConfigureAwait(false))
            {
                return true;
            }

            if (time.GetUtcNow() >= deadline)
            {
                return false;
            }

            await DelayAsync(tries <= EagerTries ? Eager : period, ct).ConfigureAwait(false);
        }
    }

    /// <summary>Each change of the verdict; the first may be a failure.</summary>
    public async IAsyncEnumerable<bool> ChangesAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await DelayAsync(TimeSpan.FromSeconds(spec.InitialDelaySeconds ?? 0), ct).ConfigureAwait(false);
        bool? verdict = null;
        var (good, bad, tries) = (0, 0, 0);
        var deadline = time.GetUtcNow() + (period * failures);
        while (true)
        {
            (good, bad) = await AskAsync(ct).ConfigureAwait(false) ? (good + 1, 0) : (0, bad + 1);
            tries++;
            var eager = verdict is null && tries <= EagerTries && time.GetUtcNow() < deadline;
            bool? next = good >= successes ? true : bad >= failures && !eager ? false : verdict;
            if (next is { } decided && next != verdict)
            {
                verdict = next;
                yield return decided;
            }

            await DelayAsync(eager && verdict is null ? Eager : period, ct).ConfigureAwait(false);
        }
    }

    private async Task<bool> AskAsync(CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            return await ask(both.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException && !ct.IsCancellationRequested)
        {
            return false;
        }
    }

    private Task DelayAsync(TimeSpan delay, CancellationToken ct) => delay > TimeSpan.Zero ? Task.Delay(delay, time, ct) : Task.CompletedTask;
}
