using Microsoft.AspNetCore.Http;

namespace Ambient.Waypoint.Tests.Requests.Rig;

internal static class Wait
{
    /// <summary>An endpoint that never answers, and ends when nobody waits for it any more.</summary>
    internal static async Task UntilAbortedAsync(HttpContext http)
    {
        TaskCompletionSource aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = http.RequestAborted.Register(aborted.SetResult);
        await aborted.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Until something holds; at most for a minute.</summary>
    internal static async Task UntilAsync(Func<bool> holds, string what)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(60_000);
        while (!holds())
        {
            Assert.False(patience.IsCancellationRequested, what);
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
