using System.Net;
using Ambient.Core.Identity;
using Ambient.Waypoint.Upstreams;

namespace Ambient.Waypoint.Tests.Upstreams;

/// <summary>Whose pools go when there are too many.</summary>
public sealed class UpstreamPoolsTests
{
    private static readonly PeerIdentity.Verified Quiet = Caller("quiet");
    private static readonly PeerIdentity.Verified Loud = Caller("loud");

    [Fact]
    public async Task Caller_WithMoreHostsThanItsShare_LosesItsOwnOldest()
    {
        await using var pools = new UpstreamPools(new Nobody(), TimeProvider.System, most: 1_000, mostOfCaller: 8);
        HttpMessageInvoker quiet = pools.For(Key(Quiet, 1));
        HttpMessageInvoker last = null!;
        for (int host = 0; host < 200; host++)
        {
            last = pools.For(Key(Loud, host));
        }

        Assert.Same(quiet, pools.For(Key(Quiet, 1)));
        Assert.Same(last, pools.For(Key(Loud, 199)));
        Assert.InRange(pools.Count, 2, 9);
    }

    [Fact]
    public async Task Pools_AllTaken_TheCallerWithMostGivesWay()
    {
        await using var pools = new UpstreamPools(new Nobody(), TimeProvider.System, most: 10, mostOfCaller: 9);
        HttpMessageInvoker[] quiet = [.. Enumerable.Range(0, 2).Select(host => pools.For(Key(Quiet, host)))];
        for (int host = 0; host < 8; host++)
        {
            pools.For(Key(Loud, host));
        }

        HttpMessageInvoker[] third = [.. Enumerable.Range(2, 3).Select(host => pools.For(Key(Quiet, host)))];

        Assert.All(quiet.Concat(third).Index(), q => Assert.Same(q.Item, pools.For(Key(Quiet, q.Index))));
        Assert.InRange(pools.Count, 5, 10);
    }

    private static PeerIdentity.Verified Caller(string name) => new(SpiffeId.Parse($"spiffe://cluster.local/ns/shop/sa/{name}"));

    private static UpstreamKey Key(PeerIdentity caller, int host) =>
        new() { Authority = "10.0.0.1:443", Address = new IPEndPoint(IPAddress.Parse("10.0.0.1"), 443), Caller = caller, TlsHost = $"host-{host}.example" };

    private sealed class Nobody : IUpstreamDialer
    {
        public ValueTask<Stream> DialAsync(UpstreamKey key, CancellationToken ct) => throw new UpstreamDialException(UpstreamDialFailure.Connect, "nobody");
    }
}
