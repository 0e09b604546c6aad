namespace Ambient.Operator.Tests.Support;

/// <summary>Waits for what other tasks bring about; only a failure lasts as long as the limit.</summary>
internal static class Eventually
{
    private const int LimitMs = 15_000;

    public static Task True(Func<bool> condition) => True(() => Task.FromResult(condition()));

    public static async Task True(Func<Task<bool>> condition)
    {
        for (int waited = 0; !await condition(); waited += 10)
        {
            Assert.True(waited < LimitMs, "it did not happen");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
