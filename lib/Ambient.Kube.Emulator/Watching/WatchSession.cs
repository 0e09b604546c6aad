using System.Threading.Channels;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Storage;

namespace Ambient.Kube.Emulator.Watching;

/// <summary>
/// One open watch. The store hands changes over under its lock; this task writes them. A watcher that falls a whole backlog behind is ended
/// with 410, as the real server ends it, and lists again.
/// </summary>
internal sealed class WatchSession(ResourceStore store, WatchFilter filter, WatchOutput output, EmulatorOptions options) : IDisposable
{
    private readonly Channel<StoreEvent> backlog = Channel.CreateBounded<StoreEvent>(
        new BoundedChannelOptions(Math.Max(1024, options.WatchHistory * 2)) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private StoreSubscription? subscription;
    private IEnumerable<StoredObject> state = [];
    private long version;
    private volatile bool fellBehind;

    public void StartWithState()
    {
        var (items, at, handle) = store.SubscribeNow(filter.Shelf, Take);
        (state, version, subscription) = (items.Values, at, handle);
    }

    public void StartFrom(long from)
    {
        version = from;
        subscription = store.SubscribeFrom(filter.Shelf, from, Take);
    }

    public async Task RunAsync(bool bookmarks, bool markInitialEnd, CancellationToken ct)
    {
        await output.StartAsync(ct);
        foreach (StoredObject stored in state.Where(filter.Matches))
        {
            await output.EventAsync("ADDED", stored, ct);
        }

        state = [];
        if (markInitialEnd && bookmarks)
        {
            await output.BookmarkAsync(version, initialEnd: true, ct);
        }

        while (!fellBehind)
        {
            if (await NextAsync(bookmarks, ct) is { } e)
            {
                version = e.Version;
                if (filter.See(e) is var (type, stored))
                {
                    await output.EventAsync(type, stored, ct);
                }
            }
        }

        await output.ErrorAsync(ApiErrors.Expired(version, store.Version), ct);
    }

    public void Dispose()
    {
        if (subscription is not null)
        {
            store.Unsubscribe(subscription);
        }
    }

    private async Task<StoreEvent?> NextAsync(bool bookmarks, CancellationToken ct)
    {
        if (backlog.Reader.TryRead(out StoreEvent? ready))
        {
            return ready;
        }

        // Taken before the wait: whatever changes later has a higher version and comes as an event.
        long quietAt = store.Version;
        using var due = bookmarks ? new CancellationTokenSource(options.BookmarkInterval, options.Time) : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(due.Token, ct);
        try
        {
            return await backlog.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            await output.BookmarkAsync(Math.Max(version, quietAt), initialEnd: false, ct);
            return null;
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }

    private void Take(StoreEvent e)
    {
        if (!backlog.Writer.TryWrite(e))
        {
            fellBehind = true;
            backlog.Writer.TryComplete();
        }
    }
}
