using Ambient.Core.Routes;
using Ambient.Routing.Resilience;
using Ambient.Testing;
using Ambient.Waypoint.Requests.Limiting.Sharing;

namespace Ambient.Waypoint.Tests.Requests.Limiting.Sharing;

public sealed class SharedBucketsTests
{
    private static readonly RateLimit s_limit = new() { Origin = new RouteOrigin("RateLimitPolicy", "shop", "p", 0), Burst = 1, Tokens = 1, Interval = TimeSpan.FromMinutes(1) };

    [Fact]
    public void Buckets_TooMany_AreNotMadeUntilSomeAreFullAgain()
    {
        ManualTime time = new(DateTimeOffset.UnixEpoch);
        SharedBuckets buckets = new(time);
        for (int i = 0; i < SharedBuckets.MaxBuckets; i++)
        {
            Assert.True(Take(i)?.Allowed);
        }

        Assert.Null(Take(-1));
        Assert.False(Take(5)?.Allowed);
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.True(Take(-1)?.Allowed);

        TokenVerdict? Take(int key) => buckets.Take(new BucketId(1, (UInt128)(uint)key), s_limit, static l => l);
    }

    [Fact]
    public void Token_GivenBack_IsThereAgain()
    {
        SharedBuckets buckets = new(new ManualTime(DateTimeOffset.UnixEpoch));
        BucketId id = new(1, 2);
        Assert.True(buckets.Take(id, s_limit, static l => l)?.Allowed);
        Assert.False(buckets.Take(id, s_limit, static l => l)?.Allowed);

        buckets.GiveBack(id);

        Assert.True(buckets.Take(id, s_limit, static l => l)?.Allowed);
        buckets.GiveBack(new BucketId(3, 4)); // of which there is none
    }
}
