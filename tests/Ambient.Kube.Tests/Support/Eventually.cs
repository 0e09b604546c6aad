using Ambient.Testing;

namespace Ambient.Kube.Tests.Support;

/// <summary>Waits for what other threads bring about; only a failure lasts as long as the limit.</summary>
internal static class Eventually
{
    private const int LimitMs = 8000;

    public static async Task True(Func<bool> condition, ManualTime? advance = null, TimeSpan? step = null)
    {
        for (int waited = 0; !condition(); waited += 5)
        {
            Assert.True(waited < LimitMs, "it did not happen");
            advance?.Advance(step ?? TimeSpan.FromMilliseconds(500));
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
