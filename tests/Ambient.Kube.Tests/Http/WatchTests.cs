using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Kube.Tests.Support;
using Ambient.Testing;

namespace Ambient.Kube.Tests.Http;

public sealed class WatchTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watch_EventsInPieces_AreJoinedAndTyped()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        using KubeClient client = api.Client();
        await using IAsyncEnumerator<WatchEvent<Pod>> events = client.WatchAsync<Pod>("shop", new WatchOptions { ResourceVersion = "5" }, Cancel).GetAsyncEnumerator(Cancel);
        ValueTask<bool> next = events.MoveNextAsync();
        OpenWatch watch = await api.NextWatchAsync();
        Assert.Equal("?watch=true&resourceVersion=5&allowWatchBookmarks=true", watch.Query);
        await watch.SendRawAsync("""{"type":"ADD""");
        await watch.SendRawAsync("""ED","object":{"metadata":{"name":"a","resourceVersion":"6"}}}""" + "\n\n" + """{"object":{"metadata":{"name":"a","resourceVersion":"7"}},"type":"DELETED"}""" + "\n");
        Assert.True(await next);
        Assert.Equal(WatchEventType.Added, events.Current.Type);
        Assert.Equal("Pod", events.Current.Value.Kind);
        Assert.True(await events.MoveNextAsync());
        Assert.Equal(WatchEventType.Deleted, events.Current.Type);
        await watch.SendRawAsync("""{"type":"ADDED","object":{"meta""");
        watch.Close();
        Assert.False(await events.MoveNextAsync());
    }

    [Fact]
    public async Task Watch_ErrorEvent_Throws()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        using KubeClient client = api.Client();
        await using IAsyncEnumerator<WatchEvent<Pod>> events = client.WatchAsync<Pod>(null, null, Cancel).GetAsyncEnumerator(Cancel);
        ValueTask<bool> next = events.MoveNextAsync();
        OpenWatch watch = await api.NextWatchAsync();
        await watch.SendAsync("ERROR", """{"kind":"Status","code":410,"reason":"Gone","message":"too old resource version"}""");
        KubeException e = await Assert.ThrowsAsync<KubeException>(async () => await next);
        Assert.True(e.IsExpired);
        watch.Close();
    }

    [Fact]
    public async Task Watch_EventLongerThanTheBound_Throws()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        using KubeClient client = api.Client(options: new KubeClientOptions { MaxEventBytes = 1000 });
        await using IAsyncEnumerator<WatchEvent<Pod>> events = client.WatchAsync<Pod>(null, null, Cancel).GetAsyncEnumerator(Cancel);
        ValueTask<bool> next = events.MoveNextAsync();
        OpenWatch watch = await api.NextWatchAsync();
        await watch.SendRawAsync(new string('x', 5000));
        await Assert.ThrowsAsync<InvalidDataException>(async () => await next);
        watch.Close();
    }

    [Fact]
    public async Task Watch_Silence_EndsInATimeout()
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync();
        var time = new ManualTime();
        using KubeClient client = api.Client(time);
        await using IAsyncEnumerator<WatchEvent<Pod>> events =
            client.WatchAsync<Pod>(null, new WatchOptions { IdleTimeout = TimeSpan.FromMinutes(2) }, Cancel).GetAsyncEnumerator(Cancel);
        Task<bool> next = events.MoveNextAsync().AsTask();
        OpenWatch watch = await api.NextWatchAsync();
        await Eventually.True(() => next.IsCompleted, time, TimeSpan.FromSeconds(10));
        await Assert.ThrowsAsync<TimeoutException>(() => next);
        watch.Close();
    }
}
