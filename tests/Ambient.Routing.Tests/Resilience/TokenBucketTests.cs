using System.Globalization;
using Ambient.Core.Routes;
using Ambient.Routing.Resilience;
using Ambient.Testing;

namespace Ambient.Routing.Tests.Resilience;

public class TokenBucketTests
{
    private static readonly RateLimit Ten = new()
    {
        Origin = new RouteOrigin("RateLimitPolicy", "shop", "p", 0),
        Burst = 10,
        Tokens = 10,
        Interval = TimeSpan.FromSeconds(1),
    };

    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public void Tokens_FilledEvenly_ComeBackOneAtATimeExactly()
    {
        TokenBucket bucket = new(Ten, _time);
        Assert.Equal(10, Taken(bucket, 20));
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(TimeSpan.FromMilliseconds(100), bucket.Take().Wait);
            _time.Advance(TimeSpan.FromMilliseconds(100));
            Assert.Equal(1, Taken(bucket, 3));
        }
    }

    [Fact]
    public void Tokens_FilledAtOnce_ComeBackWithTheInterval()
    {
        TokenBucket bucket = new(Ten with { Burst = 100, Tokens = 100, Interval = TimeSpan.FromSeconds(60), FillAtOnce = true }, _time);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(100, Taken(bucket, 200));
        TokenVerdict refused = bucket.Take();
        Assert.Equal((false, 100L, 0L, "50"), (refused.Allowed, refused.Limit, refused.Remaining, refused.WaitSeconds));
        _time.Advance(TimeSpan.FromSeconds(49));
        Assert.Equal(0, Taken(bucket, 10));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(100, Taken(bucket, 200));
    }

    [Fact]
    public void Tokens_AfterALongWhile_AreNeverMoreThanTheBurst()
    {
        TokenBucket bucket = new(Ten with { Burst = 3 }, _time);
        _time.Advance(TimeSpan.FromDays(365));
        Assert.Equal(3, Taken(bucket, 10));
    }

    [Fact]
    public void Limiter_ByKey_CountsApart()
    {
        RateLimiter limiter = new(Ten with { Burst = 1 }, _time, new Random(1));
        Assert.True(limiter.Take("a")!.Value.Allowed);
        Assert.False(limiter.Take("a")!.Value.Allowed);
        Assert.True(limiter.Take("b")!.Value.Allowed);
    }

    [Fact]
    public void Limiter_WithTooManyKeys_SharesOneBucketForTheRest()
    {
        RateLimiter limiter = new(Ten with { Burst = 1 }, _time, new Random(1));
        int allowed = Enumerable.Range(0, RateLimiter.MaxKeys + 500).Count(i => limiter.Take(i.ToString(CultureInfo.InvariantCulture))!.Value.Allowed);
        Assert.Equal(RateLimiter.MaxKeys + 1, allowed);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(limiter.Take("new")!.Value.Allowed);
    }

    [Fact]
    public void Limiter_NotEnabledOrNotEnforced_LetsThrough()
    {
        Assert.Null(new RateLimiter(Ten with { EnabledPercentage = 0 }, _time, new Random(1)).Take("a"));
        RateLimiter counted = new(Ten with { Burst = 0, EnforcedPercentage = 0 }, _time, new Random(1));
        Assert.True(counted.Take("a")!.Value.Allowed);
    }

    private static int Taken(TokenBucket bucket, int asked) => Enumerable.Range(0, asked).Count(_ => bucket.Take().Allowed);
}
