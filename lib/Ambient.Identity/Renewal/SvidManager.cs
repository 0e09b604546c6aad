using Ambient.Core.Identity;
using Ambient.Identity.Issuing;
using Ambient.Identity.Svids;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ambient.Identity.Renewal;

/// <summary>
/// Holds the SVIDs of the identities that this process stands for.
/// <list type="number">
/// <item>An identity is queued when it is watched, when a connection asks for it, and when its timer says so.</item>
/// <item>At most <see cref="SvidManagerOptions.MaxConcurrentFetches"/> run at once, the most urgent first, one an identity.</item>
/// <item>Success replaces the held SVID and sets the timer to half of the lifetime; failure keeps it and backs off.</item>
/// </list>
/// Safe for use from several threads: one lock guards the table and is never held over a call out.
/// </summary>
public sealed partial class SvidManager : ISvidSource, IAsyncDisposable
{
    // Timers cannot wait longer than 49 days; one that fires early is set again.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly ICertificateIssuer _issuer;
    private readonly SvidManagerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<SpiffeId, WatchedIdentity> _watched = [];
    private readonly Dictionary<SpiffeId, Svid> _kept;
    private readonly FetchQueue _queue;
    private readonly HashSet<Task> _fetches = [];
    private readonly CancellationTokenSource _stop = new();
    private long _failedFetches;

    public SvidManager(ICertificateIssuer issuer, SvidManagerOptions options, TimeProvider time, ILogger<SvidManager>? logger = null)
    {
        _issuer = issuer;
        _options = options;
        _time = time;
        _logger = logger ?? NullLogger<SvidManager>.Instance;
        _queue = new FetchQueue(options.MaxConcurrentFetches);
        _kept = new Dictionary<SpiffeId, Svid>(options.Kept);
    }

    /// <summary>Raised after a first or renewed SVID is in place, on the thread that fetched it; must not block.</summary>
    public event Action<Svid>? Renewed;

    /// <summary>Ordered by identity.</summary>
    public IReadOnlyList<SvidStatus> Status
    {
        get
        {
            lock (_gate)
            {
                DateTimeOffset now = _time.GetUtcNow();
                return [.. _watched.Values.Select(identity => identity.StatusAt(now)).OrderBy(s => s.Id.ToString(), StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Attempts to get a certificate that failed, since the start.</summary>
    public long FailedFetches => Interlocked.Read(ref _failedFetches);

    /// <summary>The SVIDs of all identities watched that have one, expired ones too.</summary>
    public IReadOnlyList<Svid> Held
    {
        get
        {
            lock (_gate)
            {
                return [.. _watched.Values.Select(identity => identity.Current).OfType<Svid>()];
            }
        }
    }

    /// <summary>Keeps an SVID for the identity from now on. Watching twice is watching once.</summary>
    /// <exception cref="InvalidOperationException">The table is full.</exception>
    public void Watch(SpiffeId id)
    {
        lock (_gate)
        {
            Find(id);
        }

        Pump();
    }

    /// <summary>Drops the identity and its SVID; who waits for it is told.</summary>
    public void Forget(SpiffeId id)
    {
        TaskCompletionSource<Svid>? waiters = null;
        lock (_gate)
        {
            if (_watched.Remove(id, out WatchedIdentity? identity))
            {
                identity.Forgotten = true;
                identity.Timer?.Dispose();
                waiters = identity.Waiters;
            }
        }

        Fail(waiters, new SvidUnavailableException(id, "the identity has left this process"));
    }

    /// <summary>Watches the identity if nobody did, and waits for its first SVID when none is held.</summary>
    public ValueTask<Svid> GetAsync(SpiffeId id, CancellationToken ct)
    {
        Task<Svid> outcome;
        lock (_gate)
        {
            WatchedIdentity identity = Find(id);
            DateTimeOffset now = _time.GetUtcNow();
            if (identity.Current is { } held && held.IsValidAt(now))
            {
                return ValueTask.FromResult(held);
            }

            if (identity.Failures > 0 && identity.NextAttempt - now > _options.MaxWaitForRetry)
            {
                return ValueTask.FromException<Svid>(new SvidUnavailableException(id, identity.LastError ?? "in back-off"));
            }

            identity.Waiters ??= new TaskCompletionSource<Svid>(TaskCreationOptions.RunContinuationsAsynchronously);
            outcome = identity.Waiters.Task;
            if (!identity.Fetching && (identity.Failures == 0 || identity.NextAttempt is null))
            {
                _queue.Add(identity, SvidPriority.RealTime);
            }
        }

        Pump();
        return new ValueTask<Svid>(outcome.WaitAsync(ct));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task[] running;
        lock (_gate)
        {
            running = [.. _fetches];
        }

        await Task.WhenAll(running);
        SpiffeId[] ids;
        lock (_gate)
        {
            ids = [.. _watched.Keys];
        }

        foreach (SpiffeId id in ids)
        {
            Forget(id);
        }

        _stop.Dispose();
    }

    // Under the lock.
    private WatchedIdentity Find(SpiffeId id)
    {
        ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
        if (_watched.TryGetValue(id, out WatchedIdentity? identity))
        {
            return identity;
        }

        if (_watched.Count >= _options.MaxIdentities)
        {
            throw new InvalidOperationException($"more than {_options.MaxIdentities} identities are watched");
        }

        identity = new WatchedIdentity(id) { Current = _kept.Remove(id, out Svid? kept) ? kept : null };
        _watched.Add(id, identity);
        _queue.Add(identity, identity.Current is null ? SvidPriority.Warmup : SvidPriority.Background);
        return identity;
    }

    private void Pump()
    {
        while (true)
        {
            WatchedIdentity? next;
            lock (_gate)
            {
                next = _stop.IsCancellationRequested ? null : _queue.Take();
            }

            if (next is null)
            {
                return;
            }

            Task fetch = FetchAsync(next);
            lock (_gate)
            {
                _fetches.RemoveWhere(task => task.IsCompleted);
                _fetches.Add(fetch);
            }
        }
    }

    private async Task FetchAsync(WatchedIdentity identity)
    {
        Svid? svid = null;
        Exception? failure = null;
        using var timeout = new CancellationTokenSource(_options.FetchTimeout, _time);
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stop.Token);
            using SigningRequest request = SigningRequest.Create(identity.Id);
            IssuedChain chain = await _issuer.IssueAsync(identity.Id, request.Pem, _options.Lifetime, either.Token).WaitAsync(either.Token);
            svid = request.Complete(chain, _time);
        }
        catch (OperationCanceledException cause) when (!timeout.IsCancellationRequested)
        {
            // A limit of the issuer's own, such as that for connecting, which says so itself.
            failure = cause.InnerException ?? cause;
        }
        catch (OperationCanceledException cause)
        {
            failure = new TimeoutException($"no answer from the CA within {_options.FetchTimeout.TotalSeconds:0} s", cause);
        }
        catch (Exception cause)
        {
            // Whatever an issuer throws is a failed attempt: the held SVID stays and the next attempt is planned.
            failure = cause;
        }

        if (svid is not null)
        {
            Succeed(identity, svid);
        }
        else
        {
            Fail(identity, failure!);
        }

        Pump();
    }

    private void Succeed(WatchedIdentity identity, Svid svid)
    {
        TaskCompletionSource<Svid>? waiters;
        DateTimeOffset next;
        lock (_gate)
        {
            _queue.Done(identity);
            if (identity.Forgotten)
            {
                return;
            }

            identity.Current = svid;
            identity.Failures = 0;
            identity.LastError = null;
            DateTimeOffset now = _time.GetUtcNow();
            next = RenewalTimes.AfterSuccess(now, svid.NotAfter, Random.Shared.NextDouble());
            Plan(identity, next > now + _options.FirstBackOff ? next : now + _options.FirstBackOff);
            waiters = identity.Waiters;
            identity.Waiters = null;
        }

        Log.Fetched(_logger, svid.Id, svid.NotAfter, next);
        waiters?.TrySetResult(svid);
        try
        {
            Renewed?.Invoke(svid);
        }
        catch (Exception cause)
        {
            Log.SubscriberFailed(_logger, cause, svid.Id);
        }
    }

    private void Fail(WatchedIdentity identity, Exception cause)
    {
        TaskCompletionSource<Svid>? waiters;
        DateTimeOffset next;
        lock (_gate)
        {
            _queue.Done(identity);
            if (identity.Forgotten || _stop.IsCancellationRequested)
            {
                return;
            }

            identity.Failures++;
            Interlocked.Increment(ref _failedFetches);
            identity.LastError = cause.Message;
            next = _time.GetUtcNow() + RenewalTimes.AfterFailure(identity.Failures, _options, Random.Shared.NextDouble());
            Plan(identity, next);
            waiters = identity.Waiters;
            identity.Waiters = null;
        }

        Log.FetchFailed(_logger, identity.Id, identity.Failures, next, cause.Message);
        Fail(waiters, new SvidUnavailableException(identity.Id, cause.Message, cause));
    }

    // Under the lock.
    private void Plan(WatchedIdentity identity, DateTimeOffset at)
    {
        identity.NextAttempt = at;
        TimeSpan wait = at - _time.GetUtcNow();
        wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait < LongestTimer ? wait : LongestTimer;
        identity.Timer?.Dispose();
        identity.Timer = _time.CreateTimer(state => Due((WatchedIdentity)state!), identity, wait, Timeout.InfiniteTimeSpan);
    }

    private void Due(WatchedIdentity identity)
    {
        lock (_gate)
        {
            if (identity.Forgotten || identity.Fetching || identity.NextAttempt is not { } at)
            {
                return;
            }

            if (at > _time.GetUtcNow())
            {
                Plan(identity, at);
                return;
            }

            _queue.Add(identity, identity.Waiters is null ? SvidPriority.Background : SvidPriority.RealTime);
        }

        Pump();
    }

    private static void Fail(TaskCompletionSource<Svid>? waiters, Exception cause)
    {
        if (waiters?.TrySetException(cause) == true)
        {
            // Everybody may have given up by now; then nobody else looks at it.
            _ = waiters.Task.Exception;
        }
    }
}
