namespace Ambient.Scenarios.Tests.Staging;

/// <summary>What comes about by itself is asked for again and again; only never is a failure.</summary>
internal static class Until
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>The first answer for which the condition holds.</summary>
    public static async Task<T> Async<T>(Func<Task<T>> ask, Predicate<T> done, string what, TimeSpan? patience = null)
    {
        TimeSpan limit = patience ?? Patience;
        long started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            T answer = await ask();
            if (done(answer))
            {
                return answer;
            }

            if (TimeProvider.System.GetElapsedTime(started) > limit)
            {
                Assert.Fail($"{what}: not within {limit.TotalSeconds} s; last seen: {answer}");
            }

            await Task.Delay(Pause, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    public static Task TrueAsync(Func<Task<bool>> ask, string what, TimeSpan? patience = null) => Async(ask, holds => holds, what, patience);

    public static Task TrueAsync(Func<bool> ask, string what) => Async(() => Task.FromResult(ask()), holds => holds, what);
}
