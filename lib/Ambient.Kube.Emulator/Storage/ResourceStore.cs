using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Storage;

/// <summary>
/// Every object, under one counter of resource versions. Writers take one lock and are told when they lost a race; readers take
/// immutable shelves without a lock. A bounded history of changes lets watches resume.
/// </summary>
internal sealed class ResourceStore(int historyBound)
{
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, ImmutableSortedDictionary<string, StoredObject>> shelves = new();
    private readonly Queue<StoreEvent> history = new();
    private ImmutableArray<StoreSubscription> subscriptions = [];
    private long version = 1;
    private long forgotten;

    public long Version => Interlocked.Read(ref version);

    /// <summary>Watches from this version or later can be served.</summary>
    public long OldestResumable => Interlocked.Read(ref forgotten);

    public int Subscriptions => subscriptions.Length;

    public ImmutableSortedDictionary<string, StoredObject> Shelf(string shelf) =>
        shelves.GetValueOrDefault(shelf) ?? ImmutableSortedDictionary.Create<string, StoredObject>(StringComparer.Ordinal);

    public StoredObject? Find(string shelf, string ns, string name) => Shelf(shelf).GetValueOrDefault(StoredObject.KeyOf(ns, name));

    /// <summary>A list and the version it is of, taken together.</summary>
    public (ImmutableSortedDictionary<string, StoredObject> Items, long Version) Snapshot(string shelf)
    {
        lock (gate)
        {
            return (Shelf(shelf), version);
        }
    }

    /// <summary>Adds; null where the name is taken. The value becomes the store's.</summary>
    public StoredObject? Add(string shelf, JsonObject value)
    {
        lock (gate)
        {
            var (ns, name) = (value.Text("metadata", "namespace") ?? "", value.Text("metadata", "name") ?? "");
            if (Shelf(shelf).ContainsKey(StoredObject.KeyOf(ns, name)))
            {
                return null;
            }

            return Commit(shelf, ChangeKind.Added, value, null);
        }
    }

    /// <summary>Replaces <paramref name="seen"/>; null where somebody else was faster.</summary>
    public StoredObject? Replace(string shelf, StoredObject seen, JsonObject value)
    {
        lock (gate)
        {
            return ReferenceEquals(Shelf(shelf).GetValueOrDefault(seen.Key), seen)
                ? Commit(shelf, ChangeKind.Modified, value, seen)
                : null;
        }
    }

    /// <summary>Removes <paramref name="seen"/>; null where somebody else was faster.</summary>
    public StoredObject? Remove(string shelf, StoredObject seen)
    {
        lock (gate)
        {
            return ReferenceEquals(Shelf(shelf).GetValueOrDefault(seen.Key), seen)
                ? Commit(shelf, ChangeKind.Deleted, seen.Value.Copy(), seen)
                : null;
        }
    }

    /// <summary>Every change from now on, of all shelves; <paramref name="sink"/> is called under the lock and must only hand over.</summary>
    public StoreSubscription Subscribe(Action<StoreEvent> sink)
    {
        lock (gate)
        {
            return Add(new StoreSubscription(null, sink));
        }
    }

    /// <summary>The shelf as it is now, and every change after it.</summary>
    public (ImmutableSortedDictionary<string, StoredObject> Items, long Version, StoreSubscription Subscription) SubscribeNow(string shelf, Action<StoreEvent> sink)
    {
        lock (gate)
        {
            return (Shelf(shelf), version, Add(new StoreSubscription(shelf, sink)));
        }
    }

    /// <summary>Every change of a shelf after a version: those remembered are handed over before this returns.</summary>
    /// <exception cref="ApiException">410: the version is older than the history.</exception>
    public StoreSubscription SubscribeFrom(string shelf, long from, Action<StoreEvent> sink)
    {
        lock (gate)
        {
            if (from < forgotten)
            {
                throw ApiErrors.Expired(from, forgotten);
            }

            foreach (StoreEvent e in history)
            {
                if (e.Version > from && e.Shelf == shelf)
                {
                    sink(e);
                }
            }

            return Add(new StoreSubscription(shelf, sink));
        }
    }

    public void Unsubscribe(StoreSubscription subscription)
    {
        lock (gate)
        {
            subscriptions = subscriptions.Remove(subscription);
        }
    }

    /// <summary>Forgets all past changes, as a compaction does.</summary>
    public void ForgetHistory()
    {
        lock (gate)
        {
            history.Clear();
            Interlocked.Exchange(ref forgotten, Interlocked.Increment(ref version));
        }
    }

    private StoreSubscription Add(StoreSubscription subscription)
    {
        subscriptions = subscriptions.Add(subscription);
        return subscription;
    }

    private StoredObject Commit(string shelf, ChangeKind kind, JsonObject value, StoredObject? previous)
    {
        long next = Interlocked.Increment(ref version);
        value.Meta()["resourceVersion"] = next.ToString(CultureInfo.InvariantCulture);
        JsonText.Touch(value);
        var stored = new StoredObject(value, next);
        var items = Shelf(shelf);
        shelves[shelf] = kind == ChangeKind.Deleted ? items.Remove(stored.Key) : items.SetItem(stored.Key, stored);
        var e = new StoreEvent(shelf, kind, stored, previous);
        history.Enqueue(e);
        if (history.Count > historyBound)
        {
            Interlocked.Exchange(ref forgotten, history.Dequeue().Version);
        }

        foreach (StoreSubscription s in subscriptions)
        {
            if (s.Shelf is null || s.Shelf == shelf)
            {
                s.Sink(e);
            }
        }

        return stored;
    }
}
