using System.Collections.Concurrent;
using System.Globalization;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Microsoft.Extensions.Logging;

namespace Ambient.Lab.Watching;

/// <summary>
/// All objects of a kind, kept current by list and watch. What the lab itself writes is put in at once (<see cref="Put"/>), so that a
/// controller never acts on what it has changed already; an event older than what is held is passed over.
/// </summary>
internal sealed class Mirror<T>(KubeClient client, TimeProvider time, ILogger logger)
    where T : class, IKubeObject<T>
{
    private readonly ConcurrentDictionary<string, T> items = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> gone = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();

    /// <summary>Before and after; null before for a new object, null after for a deleted one. Called on the watch's or the writer's thread.</summary>
    public event Action<T?, T?>? Changed;

    public Task Synced => synced.Task;

    public IEnumerable<T> Items => items.Values;

    public ResourceClient<T> Client { get; } = client.Resource<T>();

    public T? Find(string? @namespace, string name) => items.GetValueOrDefault(string.IsNullOrEmpty(@namespace) ? name : $"{@namespace}/{name}");

    /// <summary>An object as the server has just answered.</summary>
    public T Put(T value)
    {
        T? before;
        lock (gate)
        {
            var key = value.Metadata.Key;
            before = items.GetValueOrDefault(key);
            if (gone.ContainsKey(value.Metadata.Uid ?? "") || (before is not null && Version(before) >= Version(value)))
            {
                return value;
            }

            items[key] = value;
        }

        Changed?.Invoke(before, value);
        return value;
    }

    /// <summary>An object that the server has just removed.</summary>
    public void Remove(T value)
    {
        lock (gate)
        {
            gone[value.Metadata.Uid ?? ""] = 0;
            if (items.GetValueOrDefault(value.Metadata.Key)?.Metadata.Uid != value.Metadata.Uid || !items.TryRemove(value.Metadata.Key, out _))
            {
                return;
            }
        }

        Changed?.Invoke(value, null);
    }

    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(ct).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                WatchingLog.WatchEnded(logger, T.GroupKind.Kind, e.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(200), time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task FollowAsync(CancellationToken ct)
    {
        var list = await Client.ListAsync(null, null, ct).ConfigureAwait(false);
        var present = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in list.Items)
        {
            present.Add(item.Metadata.Uid ?? "");
            Put(item);
        }

        foreach (var missing in items.Values.Where(i => !present.Contains(i.Metadata.Uid ?? "") && Version(i) <= Number(list.Metadata.ResourceVersion)).ToArray())
        {
            Remove(missing);
        }

        gone.Clear();
        synced.TrySetResult();
        var version = list.Metadata.ResourceVersion;
        while (true)
        {
            await foreach (var e in Client.WatchAsync(null, new WatchOptions { ResourceVersion = version }, ct).ConfigureAwait(false))
            {
                version = e.Value.Metadata.ResourceVersion ?? version;
                switch (e.Type)
                {
                    case WatchEventType.Added or WatchEventType.Modified:
                        Put(e.Value);
                        break;
                    case WatchEventType.Deleted:
                        Remove(e.Value);
                        break;
                }
            }

            ct.ThrowIfCancellationRequested();
        }
    }

    // The lab's own API server counts its versions up, so they may be compared.
    private static ulong Version(T value) => Number(value.Metadata.ResourceVersion);

    private static ulong Number(string? version) => ulong.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
