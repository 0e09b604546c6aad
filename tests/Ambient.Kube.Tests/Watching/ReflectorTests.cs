using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Kube.Tests.Support;
using Ambient.Kube.Watching;
using Ambient.Testing;
using Microsoft.AspNetCore.Http;

namespace Ambient.Kube.Tests.Watching;

public sealed class ReflectorTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _log = [];
    private ScriptedApi _api = null!;
    private KubeClient _client = null!;
    private Task _running = Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        _api = await ScriptedApi.StartAsync();
        _api.Json("GET /api/v1/pods", """{"metadata":{"resourceVersion":"10"},"items":[{"metadata":{"name":"a","namespace":"n","resourceVersion":"3","uid":"ua"}},{"metadata":{"name":"b","namespace":"n","resourceVersion":"4","uid":"ub"}}]}""");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _client.Dispose();
        await _api.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Start_FirstList_TakesTheServersCacheAndWatchesFromThere()
    {
        Informer<Pod> pods = Start(TimeProvider.System);
        await pods.WaitForSyncAsync(TestContext.Current.CancellationToken);
        OpenWatch watch = await _api.NextWatchAsync();
        Assert.Contains("resourceVersion=10", watch.Query, StringComparison.Ordinal);
        Assert.Contains("timeoutSeconds=", watch.Query, StringComparison.Ordinal);
        Assert.Equal("?resourceVersion=0", _api.Requests.First(r => r.Path == "/api/v1/pods").Query);
        Assert.Equal(["+a", "+b"], Log());
        watch.Close();
    }

    [Fact]
    public async Task Watch_ConnectionLost_GoesOnFromTheLastVersionWithoutAList()
    {
        Informer<Pod> pods = Start(TimeProvider.System);
        OpenWatch first = await _api.NextWatchAsync();
        await first.SendAsync("MODIFIED", Pod("a", 11));
        await first.SendAsync("BOOKMARK", """{"metadata":{"resourceVersion":"20"}}""");
        await Eventually.True(() => Log().Contains("~a"));
        first.Abort();
        OpenWatch second = await _api.NextWatchAsync();
        Assert.Contains("resourceVersion=20", second.Query, StringComparison.Ordinal);
        await second.SendAsync("DELETED", Pod("b", 21));
        await Eventually.True(() => Log().Contains("-b"));
        Assert.Equal(1, pods.Reflector.Lists);
        second.Close();
    }

    [Fact]
    public async Task Watch_VersionTooOld_ListsAnewAndTellsTheDifference()
    {
        Informer<Pod> pods = Start(TimeProvider.System);
        OpenWatch first = await _api.NextWatchAsync();
        _api.Json("GET /api/v1/pods", """{"metadata":{"resourceVersion":"50"},"items":[{"metadata":{"name":"a","namespace":"n","resourceVersion":"3","uid":"ua"}},{"metadata":{"name":"c","namespace":"n","resourceVersion":"49","uid":"uc"}}]}""");
        await first.SendAsync("ERROR", """{"kind":"Status","code":410,"reason":"Expired","message":"too old"}""");
        first.Close();
        OpenWatch second = await _api.NextWatchAsync();
        Assert.Contains("resourceVersion=50", second.Query, StringComparison.Ordinal);
        Assert.Equal(["+a", "+b", "+c", "-b"], Log());
        Assert.Equal("?limit=500", _api.Requests.Last(r => r is { Method: "GET", Path: "/api/v1/pods" }).Query);
        Assert.Equal(2, pods.Reflector.Lists);
        second.Close();
    }

    [Fact]
    public async Task List_SameNameOtherUid_IsADeletionAndAnAddition()
    {
        Start(TimeProvider.System);
        OpenWatch watch = await _api.NextWatchAsync();
        await watch.SendAsync("MODIFIED", """{"metadata":{"name":"a","namespace":"n","resourceVersion":"12","uid":"another"}}""");
        await Eventually.True(() => Log().Count == 4);
        Assert.Equal(["+a", "+b", "-a", "+a"], Log());
        watch.Close();
    }

    [Fact]
    public async Task Watch_SilentConnection_IsGivenUpAndThenListedAnew()
    {
        var time = new ManualTime();
        Informer<Pod> pods = Start(time);
        OpenWatch first = await _api.NextWatchAsync();
        await Eventually.True(() => pods.Reflector.Watches >= 2, time, TimeSpan.FromSeconds(20));
        Assert.Equal(1, pods.Reflector.Lists);
        OpenWatch second = await _api.NextWatchAsync();
        Assert.Contains("resourceVersion=10", second.Query, StringComparison.Ordinal);
        await Eventually.True(() => pods.Reflector.Lists == 2, time, TimeSpan.FromSeconds(20));
        first.Close();
        second.Close();
    }

    [Fact]
    public async Task Watch_ClockJumpsByYears_NothingHappens()
    {
        // Only the wall clock jumps: what is measured stands still.
        var time = new JumpingTime();
        Informer<Pod> pods = Start(time);
        OpenWatch watch = await _api.NextWatchAsync();
        time.Jump = TimeSpan.FromDays(4000);
        await watch.SendAsync("MODIFIED", Pod("a", 11));
        await Eventually.True(() => Log().Contains("~a"));
        time.Jump = TimeSpan.FromDays(-4000);
        await watch.SendAsync("MODIFIED", Pod("b", 12));
        await Eventually.True(() => Log().Contains("~b"));
        Assert.Equal((1, 1), (pods.Reflector.Lists, pods.Reflector.Watches));
        watch.Close();
    }

    [Fact]
    public async Task Start_KindNotServed_IsSyncedAndFoundLater()
    {
        _api.Json("GET /api/v1", """{"groupVersion":"v1","resources":[]}""");
        var time = new ManualTime();
        Informer<Pod> pods = Start(time);
        await pods.WaitForSyncAsync(TestContext.Current.CancellationToken);
        Assert.False(pods.Reflector.IsServed);
        Assert.Equal(0, pods.Store.Count);
        _api.Json("GET /api/v1", """{"groupVersion":"v1","resources":[{"name":"pods","kind":"Pod","namespaced":true}]}""");
        await Eventually.True(() => pods.Reflector.IsServed, time, TimeSpan.FromSeconds(2));
        Assert.Equal(2, pods.Store.Count);
        (await _api.NextWatchAsync()).Close();
    }

    [Fact]
    public async Task List_KindVanishes_ObjectsStayForAWhileAndGoThen()
    {
        var time = new ManualTime();
        Informer<Pod> pods = Start(time);
        OpenWatch watch = await _api.NextWatchAsync();
        _api.Off("GET /api/v1/pods");
        _api.Json("WATCH /api/v1/pods", """{"kind":"Status","code":404,"reason":"NotFound","message":"gone"}""", 404);
        watch.Close();
        await Eventually.True(() => !pods.Reflector.IsServed, time);
        Assert.Equal(2, pods.Store.Count);
        await Eventually.True(() => pods.Store.Count == 0, time, TimeSpan.FromSeconds(2));
        Assert.Equal(["+a", "+b", "-a", "-b"], Log());
    }

    [Fact]
    public async Task List_ServerFails_IsTriedAgain()
    {
        int calls = 0;
        _api.On("GET /api/v1/pods", async context =>
        {
            context.Response.StatusCode = ++calls < 3 ? 500 : 200;
            await context.Response.WriteAsync(calls < 3 ? "boom" : """{"metadata":{"resourceVersion":"1"},"items":[]}""");
        });
        var time = new ManualTime();
        Informer<Pod> pods = Start(time);
        await Eventually.True(() => pods.HasSynced, time);
        Assert.Equal(3, calls);
        (await _api.NextWatchAsync()).Close();
    }

    private Informer<Pod> Start(TimeProvider time)
    {
        _client = _api.Client(time);
        var informer = new Informer<Pod>(new ListWatch<Pod>(_client.Resource<Pod>()), time: time);
        informer.AddHandler(p => Say("+" + p.Metadata.Name), (_, p) => Say("~" + p.Metadata.Name), p => Say("-" + p.Metadata.Name));
        _running = informer.RunAsync(_stop.Token);
        return informer;
    }

    private static string Pod(string name, int version) =>
        $$$"""{"metadata":{"name":"{{{name}}}","namespace":"n","resourceVersion":"{{{version}}}","uid":"u{{{name}}}"}}""";

    private void Say(string text)
    {
        lock (_log)
        {
            _log.Add(text);
        }
    }

    private List<string> Log()
    {
        lock (_log)
        {
            return [.. _log];
        }
    }

    private sealed class JumpingTime : TimeProvider
    {
        public TimeSpan Jump { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Jump;
    }
}
