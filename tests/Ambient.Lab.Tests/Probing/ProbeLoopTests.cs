using Ambient.Lab.Objects;
using Ambient.Lab.Probing;

namespace Ambient.Lab.Tests.Probing;

public sealed class ProbeLoopTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Verdict_ChangesAtTheThresholdsOnly()
    {
        bool[] answers = [true, false, true, false, false, false, true, true];
        var asked = 0;
        var loop = new ProbeLoop(
            new LabProbe { PeriodSeconds = 1, FailureThreshold = 3, SuccessThreshold = 1 },
            _ => Task.FromResult(answers[Math.Min(asked++, answers.Length - 1)]),
            new Hurried());
        var seen = new List<(int At, bool Verdict)>();
        await foreach (var verdict in loop.ChangesAsync(Ct))
        {
            seen.Add((asked, verdict));
            if (seen.Count == 3)
            {
                break;
            }
        }

        Assert.Equal([(1, true), (6, false), (7, true)], seen);
    }

    [Fact]
    public async Task Startup_ThatFailsTooOften_IsGivenUp()
    {
        var loop = new ProbeLoop(new LabProbe { PeriodSeconds = 1, FailureThreshold = 2 }, _ => throw new IOException("refused"), new Hurried());
        Assert.False(await loop.UntilDecidedAsync(Ct));
    }

    /// <summary>A clock on which every wait is over at once and has taken its time.</summary>
    private sealed class Hurried : TimeProvider
    {
        private DateTimeOffset now = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            // Time limits of single questions are armed but never reached here.
            if (dueTime > TimeSpan.Zero && callback.Method.DeclaringType != typeof(CancellationTokenSource) && callback.Target is not CancellationTokenSource
                && state is not CancellationTokenSource)
            {
                now += dueTime;
                ThreadPool.QueueUserWorkItem(_ => callback(state));
            }

            return new Idle();
        }

        private sealed class Idle : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
