using Ambient.Core.Policies.Tokens;
using Ambient.Policy.Tokens;
using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Tokens;

/// <summary>Keeps one key set fresh. The last good set stays when a fetch fails: an issuer that is away must not shut out who it has let in.</summary>
internal sealed class KeySetFollower : IAsyncDisposable
{
    private readonly TokenKeySource _source;
    private readonly KeySetFetcher _fetcher;
    private readonly KeyTimes _times;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _asked = new(0, 1);
    private readonly Task _loop;
    private volatile JsonWebKeySet? _set;
    private int _fetches;
    private string _problem = "";
    private TimeSpan _timeout;

    internal KeySetFollower(TokenKeySource source, TimeSpan timeout, KeySetFetcher fetcher, KeyTimes times, TimeProvider time, ILogger log)
    {
        (_source, _timeout, _fetcher, _times, _time, _log) = (source, timeout, fetcher, times, time, log);
        _loop = RunAsync();
    }

    /// <summary>Null before the first was fetched.</summary>
    internal JsonWebKeySet? Set => _set;

    /// <summary>That ended, one way or the other.</summary>
    internal int Fetches => Volatile.Read(ref _fetches);

    /// <summary>Why the last fetch failed; empty when it did not.</summary>
    internal string Problem => Volatile.Read(ref _problem);

    internal TimeSpan Timeout
    {
        set => _timeout = value;
    }

    /// <summary>A token names a key that the set lacks. Cheap, and heard once however often it is called.</summary>
    internal void Miss()
    {
        if (_asked.CurrentCount > 0)
        {
            return;
        }

        try
        {
            _asked.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else was first.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        TimeSpan retry = _times.Retry;
        try
        {
            while (true)
            {
                bool fetched = await FetchAsync();
                TimeSpan wait = Varied(fetched ? _times.Refresh : retry);
                retry = fetched ? _times.Retry : TimeSpan.FromTicks(Math.Min(retry.Ticks * 2, _times.RetryAtMost.Ticks));
                await WaitAsync(wait);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task<bool> FetchAsync()
    {
        try
        {
            JsonWebKeySet next = await _fetcher.FetchAsync(_source, _timeout, _stop.Token);
            if (_set is null || Problem.Length > 0)
            {
                KeyLog.Fetched(_log, _source.Uri, next.Count);
            }

            foreach (string ignored in _set is null ? next.Ignored : [])
            {
                KeyLog.Ignored(_log, _source.Uri, ignored);
            }

            _set = next;
            Volatile.Write(ref _problem, "");
            return true;
        }
        catch (KeyFetchException e)
        {
            KeyLog.NotFetched(_log, _source.Uri, e.Message, _set is null ? "tokens of its issuer are refused meanwhile" : "the last keys stay in use");
            Volatile.Write(ref _problem, e.Message);
            return false;
        }
        finally
        {
            Interlocked.Increment(ref _fetches);
        }
    }

    // The lower bound first: whoever asks in it is heard at its end.
    private async Task WaitAsync(TimeSpan wait)
    {
        TimeSpan least = wait < _times.AtLeast ? wait : _times.AtLeast;
        await Task.Delay(least, _time, _stop.Token);
        if (wait > least)
        {
            using var asked = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            Task hear = _asked.WaitAsync(asked.Token);
            await Task.WhenAny(hear, Task.Delay(wait - least, _time, asked.Token));
            await asked.CancelAsync();
            await hear.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            _stop.Token.ThrowIfCancellationRequested();
        }
    }

    private static TimeSpan Varied(TimeSpan wait) => wait * (0.9 + (Random.Shared.NextDouble() * 0.2));
}
