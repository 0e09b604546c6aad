using Ambient.Discovery.Subscribing;

namespace Ambient.Discovery.Tests.Subscribing;

public sealed class ReconnectDelayTests
{
    [Fact]
    public void Next_AgainAndAgain_DoublesToTheCapAndStartsOver()
    {
        var delay = new ReconnectDelay(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(15));
        double[] waited = [.. Enumerable.Range(0, 13).Select(_ => delay.Next(1).TotalMilliseconds)];
        Assert.Equal([10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120, 10240, 15000, 15000], waited);
        Assert.Equal(7500, delay.Next(0).TotalMilliseconds);
        delay.Reset();
        Assert.Equal(10, delay.Next(1).TotalMilliseconds);
    }
}
