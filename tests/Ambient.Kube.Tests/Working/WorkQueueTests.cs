using Ambient.Kube.Working;
using Ambient.Testing;

namespace Ambient.Kube.Tests.Working;

public sealed class WorkQueueTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly WorkQueue<string> _queue;

    public WorkQueueTests() => _queue = new WorkQueue<string>(new RateLimit { FirstBackoff = TimeSpan.FromSeconds(1), MaxBackoff = TimeSpan.FromSeconds(5) }, _time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _queue.Dispose();

    [Fact]
    public async Task Add_ManyTimes_IsGotOnce()
    {
        _queue.Add("a");
        _queue.Add("a");
        Assert.Equal(1, _queue.Count);
        Assert.Equal((true, "a"), await _queue.GetAsync(Cancel));
        _queue.Done("a");
        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public async Task Add_WhileWorkedOn_IsGotOnceMoreAfterDone()
    {
        _queue.Add("a");
        await _queue.GetAsync(Cancel);
        _queue.Add("a");
        _queue.Add("a");
        Assert.Equal(0, _queue.Count);
        _queue.Done("a");
        Assert.Equal((true, "a"), await _queue.GetAsync(Cancel));
    }

    [Fact]
    public async Task Get_NothingThere_WaitsForTheNext()
    {
        Task<(bool Ok, string? Key)> taking = _queue.GetAsync(Cancel).AsTask();
        Assert.False(taking.IsCompleted);
        _queue.Add("a");
        Assert.Equal((true, "a"), await taking);
    }

    [Fact]
    public async Task Get_TakerGaveUp_TheNextTakerGetsTheKey()
    {
        using var impatient = new CancellationTokenSource();
        Task<(bool, string?)> first = _queue.GetAsync(impatient.Token).AsTask();
        Task<(bool Ok, string? Key)> second = _queue.GetAsync(Cancel).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        _queue.Add("a");
        Assert.Equal((true, "a"), await second);
    }

    [Fact]
    public void AddAfter_EarlierTimeStands()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(10));
        _queue.AddAfter("a", TimeSpan.FromSeconds(2));
        _queue.AddAfter("a", TimeSpan.FromSeconds(20));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, _queue.Count);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, _queue.Count);
    }

    [Fact]
    public async Task AddRateLimited_FailuresInARow_DoubleTheWaitUpToTheMaximum()
    {
        foreach (int seconds in (int[])[1, 2, 4, 5, 5])
        {
            _queue.AddRateLimited("a");
            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            Assert.Equal(0, _queue.Count);
            _time.Advance(TimeSpan.FromMilliseconds(2));
            await _queue.GetAsync(Cancel);
            _queue.Done("a");
        }

        Assert.Equal(5, _queue.NumRequeues("a"));
        _queue.Forget("a");
        _queue.AddRateLimited("a");
        _time.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Equal(1, _queue.Count);
    }

    [Fact]
    public void AddRateLimited_ManyKeys_KeepToTheQueuesRate()
    {
        using var queue = new WorkQueue<int>(new RateLimit { FirstBackoff = TimeSpan.FromMilliseconds(1), PerSecond = 10, Burst = 5 }, _time);
        for (int i = 0; i < 25; i++)
        {
            queue.AddRateLimited(i);
        }

        _time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Equal(5, queue.Count);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(15, queue.Count);
    }

    [Fact]
    public async Task ShutDown_HandsOutTheRestAndEnds()
    {
        _queue.Add("a");
        Task<(bool Ok, string? Key)>[] takers = [_queue.GetAsync(Cancel).AsTask(), _queue.GetAsync(Cancel).AsTask()];
        _queue.ShutDown();
        _queue.Add("b");
        (bool, string?)[] got = await Task.WhenAll(takers);
        Assert.Equal([(true, "a"), (false, null)], got);
    }
}
