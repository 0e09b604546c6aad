using Ambient.Routing.Timing;

namespace Ambient.Routing.Tests.Timing;

public class RequestDeadlineTests
{
    [Theory]
    [InlineData("1H", 3_600_000)]
    [InlineData("2M", 120_000)]
    [InlineData("3S", 3_000)]
    [InlineData("100m", 100)]
    [InlineData("5000u", 5)]
    [InlineData("7000000n", 7)]
    [InlineData("0m", 0)]
    public void GrpcTimeout_WithUnit_Read(string text, long milliseconds)
    {
        Assert.True(GrpcTimeout.TryParse(text, out TimeSpan timeout));
        Assert.Equal(milliseconds, timeout.TotalMilliseconds);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("m")]
    [InlineData("-1m")]
    [InlineData("1.5S")]
    [InlineData("123456789m")]
    [InlineData("1x")]
    public void GrpcTimeout_Malformed_Refused(string? text) => Assert.False(GrpcTimeout.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0u")]
    [InlineData(1_500, "1500000u")]
    [InlineData(100_000, "100000m")]
    [InlineData(360_000_000_000, "360000000S|6000000M")]
    public void GrpcTimeout_Written_InTheFinestUnitThatFits(long milliseconds, string text) =>
        Assert.Contains(GrpcTimeout.Format(TimeSpan.FromMilliseconds(milliseconds)), text.Split('|'));

    // Rows: route timeout in ms (0 none), headers, total in ms (-1 none), source.
    [Theory]
    [InlineData(0, "", -1, "route timeout")]
    [InlineData(500, "", 500, "route timeout")]
    [InlineData(500, "grpc-timeout=100m", 100, "grpc-timeout")]
    [InlineData(50, "grpc-timeout=100m", 50, "route timeout")]
    [InlineData(500, "x-envoy-expected-rq-timeout-ms=20", 20, "x-envoy-expected-rq-timeout-ms")]
    [InlineData(0, "grpc-timeout=1S x-envoy-expected-rq-timeout-ms=20", 20, "x-envoy-expected-rq-timeout-ms")]
    [InlineData(500, "grpc-timeout=never x-envoy-expected-rq-timeout-ms=-5", 500, "route timeout")]
    public void Deadline_OfSeveral_IsTheShortest(int route, string headers, int total, string source)
    {
        RequestDeadline deadline = RequestDeadline.Of(
            route == 0 ? null : TimeSpan.FromMilliseconds(route), RequestText.Parse($"GET http://h/ {headers}".TrimEnd()).Headers);
        Assert.Equal((total, source), ((int)(deadline.Total?.TotalMilliseconds ?? -1), deadline.Source));
    }

    [Fact]
    public void Deadline_AsTimeGoes_ShrinksAttemptsUntilLate()
    {
        RequestDeadline deadline = new(TimeSpan.FromSeconds(3), "route timeout");
        Assert.Equal(TimeSpan.FromSeconds(2), deadline.ForAttempt(TimeSpan.Zero, TimeSpan.FromSeconds(2)));
        Assert.Equal(TimeSpan.FromSeconds(1), deadline.ForAttempt(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2)));
        Assert.False(deadline.IsLate(TimeSpan.FromSeconds(2)));
        Assert.True(deadline.IsLate(TimeSpan.FromSeconds(3)));
        Assert.Equal(TimeSpan.Zero, deadline.ForAttempt(TimeSpan.FromSeconds(9), null));
        Assert.Null(default(RequestDeadline).ForAttempt(TimeSpan.FromSeconds(9), null));
        Assert.True(new RequestDeadline(TimeSpan.Zero, "").IsLate(TimeSpan.Zero));
    }
}
