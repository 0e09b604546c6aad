using Ambient.Routing.Balancers;
using Ambient.Testing;

namespace Ambient.Routing.Tests.Balancers;

public class PeakEwmaTests
{
    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public void Estimate_OfAnUntriedEndpoint_IsThirtyMilliseconds() =>
        Assert.Equal(30, Milliseconds(new PeakEwma(_time)), 3);

    [Fact]
    public void Estimate_AfterASlowerSample_IsTheSample()
    {
        PeakEwma latency = new(_time);
        latency.Add(TimeSpan.FromMilliseconds(800));
        Assert.Equal(800, Milliseconds(latency), 3);
    }

    [Fact]
    public void Estimate_AfterFasterSamples_FallsSlowly()
    {
        PeakEwma latency = new(_time);
        latency.Add(TimeSpan.FromMilliseconds(800));
        _time.Advance(TimeSpan.FromSeconds(1));
        latency.Add(TimeSpan.FromMilliseconds(10));
        double kept = Math.Exp(-0.1);
        Assert.Equal((800 * kept) + (10 * (1 - kept)), Milliseconds(latency), 3);
    }

    [Fact]
    public void Estimate_WithoutSamples_Decays()
    {
        PeakEwma latency = new(_time);
        latency.Add(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(1000 / Math.E, Milliseconds(latency), 2);
    }

    [Theory]
    [InlineData(10, 200, null, 0, 10)]
    [InlineData(10, 429, null, 0, 5_000)]
    [InlineData(10, 200, 8, 0, 5_000)]
    [InlineData(10, 429, null, 60, 60_000)]
    [InlineData(10, 429, null, 1_000, 300_000)]
    [InlineData(7_000, 429, null, 0, 7_000)]
    public void Penalty_OfABusyEndpoint_IsWhatItAsksForWithinBounds(int measured, int status, int? grpc, int retryAfter, int latency) =>
        Assert.Equal(latency, LoadPenalty.Latency(
            TimeSpan.FromMilliseconds(measured), status, grpc, retryAfter == 0 ? null : TimeSpan.FromSeconds(retryAfter)).TotalMilliseconds);

    private static double Milliseconds(PeakEwma latency) => latency.Current / TimeSpan.TicksPerMillisecond;
}
