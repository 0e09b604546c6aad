using Ambient.Waypoint.Requests.Arriving;

namespace Ambient.Waypoint.Tests.Requests.Arriving;

public sealed class RequestIdsTests
{
    [Fact]
    public void New_MoreThanAreFetchedAtOnce_EachIsAnotherUuidOfVersion4()
    {
        string[] ids = [.. Enumerable.Range(0, 500).Select(_ => RequestIds.New())];

        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", id));
    }

    [Fact]
    public async Task New_OnManyThreads_NoneComesTwice()
    {
        string[][] ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () => Enumerable.Range(0, 200).Select(_ => RequestIds.New()).ToArray(), TestContext.Current.CancellationToken)));

        Assert.Equal(1600, ids.SelectMany(i => i).Distinct().Count());
    }
}
