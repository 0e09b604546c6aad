using Ambient.Identity.Renewal;

namespace Ambient.Identity.Tests.Renewal;

public sealed class RenewalTimesTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0.0, 10.8)]
    [InlineData(0.5, 12.0)]
    [InlineData(1.0, 13.2)]
    public void AfterSuccess_Day_AboutHalf(double random, double hours) =>
        Assert.Equal(Now.AddHours(hours), RenewalTimes.AfterSuccess(Now, Now.AddHours(24), random), TimeSpan.FromSeconds(1));

    [Theory]
    [InlineData(1, 0.5, 1)]
    [InlineData(2, 0.5, 2)]
    [InlineData(3, 0.0, 3.2)]
    [InlineData(3, 1.0, 4.8)]
    [InlineData(8, 0.5, 128)]
    [InlineData(9, 0.5, 150)]
    [InlineData(9, 1.0, 150)]
    [InlineData(1_000_000, 0.5, 150)]
    public void AfterFailure_Nth_DoublesToTheCap(int failures, double random, double seconds) =>
        Assert.Equal(seconds, RenewalTimes.AfterFailure(failures, new SvidManagerOptions(), random).TotalSeconds, 3);
}
