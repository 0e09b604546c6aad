using Ambient.Core.Identity;
using Ambient.Identity.Renewal;
using Ambient.Identity.Svids;
using Ambient.Testing;

namespace Ambient.Identity.Tests.Renewal;

public sealed class SvidManagerTests : IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private readonly TestCa _ca;
    private readonly ScriptedIssuer _issuer;
    private readonly SvidManager _manager;
    private readonly SpiffeId _orders;

    public SvidManagerTests()
    {
        _ca = new TestCa(time: _time);
        _issuer = new ScriptedIssuer(_ca);
        _manager = new SvidManager(_issuer, new SvidManagerOptions(), _time);
        _orders = _ca.Id("shop", "orders");
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetAsync_FirstTime_FetchesThenHolds()
    {
        Svid first = await _manager.GetAsync(_orders, Ct);
        Assert.Same(first, await _manager.GetAsync(_orders, Ct));
        Assert.Equal(_orders, first.Id);
        Assert.Single(_issuer.Asked);
    }

    [Fact]
    public async Task Kept_IssuerIsAway_ServesUntilItExpires()
    {
        Svid kept = await _manager.GetAsync(_orders, Ct);
        using var away = new ScriptedIssuer(_ca) { FailsWith = "away" };
        await using var manager = new SvidManager(
            away, new SvidManagerOptions { Kept = new Dictionary<SpiffeId, Svid> { [_orders] = kept } }, _time);
        manager.Watch(_orders);
        Assert.Same(kept, await manager.GetAsync(_orders, Ct));
        Assert.Equal(SvidState.Available, Assert.Single(manager.Status).State);
        Assert.Same(kept, Assert.Single(manager.Held));
        Assert.True(manager.FailedFetches > 0);
        _time.Advance(TimeSpan.FromHours(25));
        await Assert.ThrowsAsync<SvidUnavailableException>(async () => await manager.GetAsync(_orders, Ct));
    }

    [Fact]
    public async Task Kept_IssuerAnswers_IsReplacedAtOnceAndForgottenWithItsIdentity()
    {
        Svid kept = await _manager.GetAsync(_orders, Ct);
        await using var manager = new SvidManager(
            _issuer, new SvidManagerOptions { Kept = new Dictionary<SpiffeId, Svid> { [_orders] = kept } }, _time);
        var renewed = new TaskCompletionSource<Svid>();
        manager.Renewed += svid => renewed.TrySetResult(svid);
        manager.Watch(_orders);
        Assert.NotEqual(kept.SerialNumber, (await renewed.Task.WaitAsync(Ct)).SerialNumber);
        manager.Forget(_orders);
        Assert.Empty(manager.Held);
    }

    [Fact]
    public async Task GetAsync_ManyAtOnce_OneFetch()
    {
        _issuer.Gated = true;
        Task<Svid>[] waiting = [.. Enumerable.Range(0, 20).Select(_ => _manager.GetAsync(_orders, Ct).AsTask())];
        _issuer.Release();
        Svid[] got = await Task.WhenAll(waiting);
        Assert.Single(got.Distinct());
        Assert.Single(_issuer.Asked);
    }

    [Fact]
    public async Task Renewal_AtHalfLife_ReplacesAndTells()
    {
        Svid first = await _manager.GetAsync(_orders, Ct);
        var renewed = new TaskCompletionSource<Svid>();
        _manager.Renewed += svid => renewed.TrySetResult(svid);
        _time.Advance(TimeSpan.FromHours(10.7));
        Assert.False(renewed.Task.IsCompleted);
        _time.Advance(TimeSpan.FromHours(2.6));
        Svid second = await renewed.Task.WaitAsync(Ct);
        Assert.NotEqual(first.SerialNumber, second.SerialNumber);
        Assert.Same(second, await _manager.GetAsync(_orders, Ct));
    }

    [Fact]
    public async Task Renewal_Fails_OldOneStaysUntilItExpires()
    {
        Svid first = await _manager.GetAsync(_orders, Ct);
        _issuer.FailsWith = "CA away";
        _time.Advance(TimeSpan.FromHours(14));
        await Until(() => Only().ConsecutiveFailures > 3);
        Assert.Same(first, await _manager.GetAsync(_orders, Ct));
        Assert.Equal(SvidState.Available, Only().State);
        Assert.Equal("CA away", Only().LastError);

        _time.Advance(TimeSpan.FromHours(11));
        await Until(() => Only().NextAttempt is not null);
        await Assert.ThrowsAsync<SvidUnavailableException>(() => _manager.GetAsync(_orders, Ct).AsTask());
        Assert.Equal(SvidState.Unavailable, Only().State);
    }

    [Fact]
    public async Task Renewal_FailsThenWorks_Recovers()
    {
        Svid first = await _manager.GetAsync(_orders, Ct);
        _issuer.FailsWith = "CA away";
        _time.Advance(TimeSpan.FromHours(14));
        await Until(() => Only().ConsecutiveFailures > 0);
        _issuer.FailsWith = null;
        _time.Advance(TimeSpan.FromSeconds(200));
        await Until(() => Only().ConsecutiveFailures == 0);
        Assert.NotSame(first, await _manager.GetAsync(_orders, Ct));
        Assert.Null(Only().LastError);
    }

    [Fact]
    public async Task GetAsync_FirstFetchFails_SaysWhyAndRetriesInBackOff()
    {
        _issuer.FailsWith = "no such pod";
        var refused = await Assert.ThrowsAsync<SvidUnavailableException>(() => _manager.GetAsync(_orders, Ct).AsTask());
        Assert.Contains("no such pod", refused.Message, StringComparison.Ordinal);
        _issuer.FailsWith = null;
        ValueTask<Svid> waiting = _manager.GetAsync(_orders, Ct);
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1.3));
        Assert.Equal(_orders, (await waiting).Id);
    }

    [Fact]
    public async Task GetAsync_LongBackOff_FailsAtOnce()
    {
        _issuer.FailsWith = "CA away";
        _manager.Watch(_orders);
        await Until(() => Only().NextAttempt is not null);
        for (int i = 0; i < 6; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(60));
            await Until(() => Only().NextAttempt is not null);
        }

        Assert.True(Only().NextAttempt - _time.GetUtcNow() > TimeSpan.FromSeconds(2));
        int asked = _issuer.Asked.Count;
        await Assert.ThrowsAsync<SvidUnavailableException>(() => _manager.GetAsync(_orders, Ct).AsTask());
        Assert.Equal(asked, _issuer.Asked.Count);
    }

    [Fact]
    public async Task GetAsync_IssuerHangs_AttemptTimesOut()
    {
        _issuer.Hangs = true;
        ValueTask<Svid> waiting = _manager.GetAsync(_orders, Ct);
        await Until(() => !_issuer.Asked.IsEmpty);
        _time.Advance(TimeSpan.FromSeconds(31));
        var late = await Assert.ThrowsAsync<SvidUnavailableException>(() => waiting.AsTask());
        Assert.Contains("within 30 s", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetAsync_ConnectingTakesTooLong_SaysThatAndNotThatTheAnswerIsMissing()
    {
        _issuer.ConnectsTooSlowly = true;
        var refused = await Assert.ThrowsAsync<SvidUnavailableException>(() => _manager.GetAsync(_orders, Ct).AsTask());
        Assert.Contains("no connection within 5 s", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("30 s", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_ManyIdentities_EightAtOnce()
    {
        _issuer.Gated = true;
        for (int i = 0; i < 30; i++)
        {
            _manager.Watch(_ca.Id("shop", $"sa-{i}"));
        }

        await Until(() => _issuer.Asked.Count == 8);
        Assert.Equal(8, _issuer.Peak);
        _issuer.Release(30);
        await Until(() => _manager.Status.All(status => status.State == SvidState.Available));
        Assert.Equal(8, _issuer.Peak);
    }

    [Fact]
    public async Task GetAsync_BehindWatchedOnes_GoesFirst()
    {
        _issuer.Gated = true;
        for (int i = 0; i < 20; i++)
        {
            _manager.Watch(_ca.Id("shop", $"sa-{i}"));
        }

        await Until(() => _issuer.Asked.Count == 8);
        SpiffeId urgent = _ca.Id("shop", "sa-19");
        ValueTask<Svid> waiting = _manager.GetAsync(urgent, Ct);
        _issuer.Release();
        await Until(() => _issuer.Asked.Count == 9);
        Assert.Equal(urgent, _issuer.Asked.Last());
        _issuer.Release(20);
        await waiting;
        await Until(() => _manager.Status.All(status => status.State == SvidState.Available));
        Assert.Equal(20, _issuer.Asked.Count);
    }

    [Fact]
    public async Task Forget_WhileFetching_WaiterIsToldAndAnswerDropped()
    {
        _issuer.Gated = true;
        Task<Svid> waiting = _manager.GetAsync(_orders, Ct).AsTask();
        await Until(() => _issuer.Asked.Count == 1);
        _manager.Forget(_orders);
        await Assert.ThrowsAsync<SvidUnavailableException>(() => waiting);
        _issuer.Release();
        Assert.Empty(_manager.Status);
    }

    [Fact]
    public async Task Forget_Held_NoRenewalFollows()
    {
        await _manager.GetAsync(_orders, Ct);
        _manager.Forget(_orders);
        _time.Advance(TimeSpan.FromHours(48));
        Assert.Single(_issuer.Asked);
    }

    [Fact]
    public async Task GetAsync_CallerGivesUp_FetchGoesOn()
    {
        _issuer.Gated = true;
        using var impatient = new CancellationTokenSource();
        Task<Svid> waiting = _manager.GetAsync(_orders, impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        _issuer.Release();
        await Until(() => Only().State == SvidState.Available);
    }

    [Fact]
    public void Watch_BeyondTheTable_Throws()
    {
        var small = new SvidManager(_issuer, new SvidManagerOptions { MaxIdentities = 1 }, _time);
        small.Watch(_orders);
        small.Watch(_orders);
        Assert.Throws<InvalidOperationException>(() => small.Watch(_ca.Id("shop", "web")));
    }

    [Fact]
    public async Task Renewed_SubscriberThrows_SvidIsHeldAllTheSame()
    {
        _manager.Renewed += _ => throw new InvalidOperationException("subscriber");
        Assert.NotNull(await _manager.GetAsync(_orders, Ct));
        Assert.Equal(SvidState.Available, Only().State);
    }

    public async ValueTask DisposeAsync()
    {
        await _manager.DisposeAsync();
        _issuer.Dispose();
    }

    private SvidStatus Only() => Assert.Single(_manager.Status);

    // Fetches end on the thread pool; what they lead to is waited for, for at most ten real seconds.
    private static async Task Until(Func<bool> condition)
    {
        for (int i = 0; i < 2000 && !condition(); i++)
        {
            await Task.Delay(5, Ct);
        }

        Assert.True(condition());
    }
}
