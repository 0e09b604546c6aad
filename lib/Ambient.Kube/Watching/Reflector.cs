using System.Text.Json;
using Ambient.Kube.Http;
using Microsoft.Extensions.Logging;

namespace Ambient.Kube.Watching;

/// <summary>
/// Mirrors a kind into a store: 1. list, 2. watch from there, 3. when a watch ends, fails or falls silent, watch on from the last
/// resourceVersion seen, 4. when that version is too old (410) or makes no sense to the server, list anew. One task runs it.
/// Every wait is measured by the monotonic clock, so that a jump of the wall clock changes nothing.
/// </summary>
public sealed partial class Reflector<T>
    where T : class
{
    private readonly ListWatch<T> _source;
    private readonly IReflectorStore<T> _store;
    private readonly ReflectorOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Backoff _backoff;
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _version = "";
    private bool _listedOnce;
    private long? _missingSince;
    private int _silences;

    public Reflector(ListWatch<T> source, IReflectorStore<T> store, ReflectorOptions options, TimeProvider time, ILogger logger)
    {
        _source = source;
        _store = store;
        _options = options;
        _time = time;
        _logger = logger;
        _backoff = new Backoff(options.FirstBackoff, options.MaxBackoff);
    }

    /// <summary>The first state is in the store; for a kind that is not served: known to be so.</summary>
    public bool HasSynced => _synced.Task.IsCompletedSuccessfully;

    /// <summary>False while the server does not know the kind.</summary>
    public bool IsServed { get; private set; }

    /// <summary>Lists made so far; a test or a metric sees by it that a watch was resumed rather than begun again.</summary>
    public int Lists { get; private set; }

    /// <summary>Watches begun so far.</summary>
    public int Watches { get; private set; }

    public Task WaitForSyncAsync(CancellationToken cancellation = default) => _synced.Task.WaitAsync(cancellation);

    /// <summary>Runs until cancelled, and then returns.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                TimeSpan wait = await ListAsync(cancellation) ?? await WatchUntilStaleAsync(cancellation);
                await Task.Delay(wait, _time, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    /// <summary>Null when the store is fresh, otherwise how long to wait before the next try.</summary>
    private async Task<TimeSpan?> ListAsync(CancellationToken cancellation)
    {
        try
        {
            // From the server's cache first; after that its cache may be older than what we hold, so ask for the newest, in pages.
            var options = new ListOptions
            {
                LabelSelector = _source.LabelSelector,
                FieldSelector = _source.FieldSelector,
                ResourceVersion = _listedOnce ? null : "0",
                Limit = _listedOnce ? _options.PageSize : null,
            };
            Lists++;
            var list = await _source.Resource.ListAsync(_source.Namespace, options, cancellation);
            _store.Replace(list.Items);
            _version = list.Metadata.ResourceVersion;
            _listedOnce = true;
            _missingSince = null;
            IsServed = true;
            _synced.TrySetResult();
            return null;
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            NotServed();
            return _options.NotServedPoll * (0.75 + (Random.Shared.NextDouble() / 2));
        }
        catch (Exception e) when (IsTransient(cancellation))
        {
            LogListFailed(_logger, _source.Resource.Kind.ToString(), e.Message);
            return _backoff.Next();
        }
    }

    // A CRD's removal removes its objects, but a server that is starting may say 404 of a kind that it will know in a moment.
    private void NotServed()
    {
        IsServed = false;
        _missingSince ??= _time.GetTimestamp();
        if (!_listedOnce)
        {
            _synced.TrySetResult();
        }
        else if (_time.GetElapsedTime(_missingSince.Value) >= _options.NotServedGrace)
        {
            LogNotServed(_logger, _source.Resource.Kind.ToString());
            _store.Replace([]);
            _listedOnce = false;
        }
    }

    /// <summary>Watches, and watches on, until a list is needed; returns how long to wait before it.</summary>
    private async Task<TimeSpan> WatchUntilStaleAsync(CancellationToken cancellation)
    {
        while (true)
        {
            long begun = _time.GetTimestamp();
            long before = _seen;
            bool failed = false;
            try
            {
                await WatchOnceAsync(cancellation);
                _silences = 0;
            }
            catch (KubeException e) when (e.IsExpired || e.Code == 504)
            {
                // 504 with ResourceVersionTooLarge: the server was restored from an older state.
                LogExpired(_logger, _source.Resource.Kind.ToString(), _version);
                return _backoff.Next();
            }
            catch (KubeException e) when (e.IsNotFound)
            {
                return TimeSpan.Zero;
            }
            catch (TimeoutException) when (_seen == before && ++_silences >= 2)
            {
                LogSilent(_logger, _source.Resource.Kind.ToString());
                _silences = 0;
                return TimeSpan.Zero;
            }
            catch (Exception e) when (IsTransient(cancellation))
            {
                failed = e is not TimeoutException;
                LogWatchFailed(_logger, _source.Resource.Kind.ToString(), e.Message);
                if (e is JsonException or InvalidDataException)
                {
                    return _backoff.Next();
                }
            }

            if (_seen != before || _time.GetElapsedTime(begun) > TimeSpan.FromSeconds(5))
            {
                _backoff.Reset();
                _silences = _seen != before ? 0 : _silences;
            }

            if (failed || _time.GetElapsedTime(begun) < TimeSpan.FromSeconds(1))
            {
                await Task.Delay(_backoff.Next(), _time, cancellation);
            }
        }
    }

    private long _seen;

    private async Task WatchOnceAsync(CancellationToken cancellation)
    {
        var options = new WatchOptions
        {
            LabelSelector = _source.LabelSelector,
            FieldSelector = _source.FieldSelector,
            ResourceVersion = _version,
            Timeout = _options.WatchTimeout * (1 + Random.Shared.NextDouble()),
            IdleTimeout = _options.IdleTimeout,
        };
        Watches++;
        await foreach (WatchEvent<T> change in _source.Resource.WatchAsync(_source.Namespace, options, cancellation))
        {
            _seen++;
            switch (change.Type)
            {
                case WatchEventType.Added or WatchEventType.Modified:
                    _store.Put(change.Value);
                    break;
                case WatchEventType.Deleted:
                    _store.Remove(change.Value);
                    break;
                case WatchEventType.Bookmark:
                default:
                    break;
            }

            _version = _source.Resource.Codec.ResourceVersionOf(change.Value) ?? _version;
        }
    }

    // Whatever went wrong, a reflector goes on: one that dies leaves its readers with an old truth and no sign of it.
    private static bool IsTransient(CancellationToken cancellation) => !cancellation.IsCancellationRequested;

    [LoggerMessage(10, LogLevel.Warning, "Listing {Kind} failed: {Reason}")]
    private static partial void LogListFailed(ILogger logger, string kind, string reason);

    [LoggerMessage(11, LogLevel.Information, "Watching {Kind} was cut off: {Reason}")]
    private static partial void LogWatchFailed(ILogger logger, string kind, string reason);

    [LoggerMessage(12, LogLevel.Information, "{Kind}: version {Version} is too old for the server; listing anew")]
    private static partial void LogExpired(ILogger logger, string kind, string version);

    [LoggerMessage(13, LogLevel.Warning, "Watching {Kind} was silent twice in a row; listing anew")]
    private static partial void LogSilent(ILogger logger, string kind);

    [LoggerMessage(14, LogLevel.Warning, "{Kind} is no longer served: its objects count as deleted")]
    private static partial void LogNotServed(ILogger logger, string kind);
}
