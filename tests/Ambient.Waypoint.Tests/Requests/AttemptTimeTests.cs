using Ambient.Waypoint.Requests.Forwarding;

namespace Ambient.Waypoint.Tests.Requests;

public sealed class AttemptTimeTests
{
    [Fact]
    public void OuterCancelled_WithACallbackThatThrows_IsNotStopped()
    {
        using CancellationTokenSource outer = new();
        bool others = false;
        outer.Token.Register(() => others = true);
        using AttemptTime time = new(TimeSpan.FromMinutes(1), null, TimeProvider.System, outer.Token);
        time.Token.Register(static () => throw new InvalidOperationException("somebody's bug"));

        outer.Cancel();

        Assert.True(others);
        Assert.True(time.IsOver);
    }

    [Fact]
    public void Disposed_OuterCancelledLater_DoesNothing()
    {
        using CancellationTokenSource outer = new();
        AttemptTime time = new(TimeSpan.FromMinutes(1), null, TimeProvider.System, outer.Token);

        time.Dispose();
        outer.Cancel();

        Assert.False(time.IsOver);
    }
}
