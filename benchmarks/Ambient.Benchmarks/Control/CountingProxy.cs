using System.Collections.Concurrent;
using Ambient.Core;
using Ambient.Discovery.Subscribing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ambient.Benchmarks.Control;

/// <summary>A node proxy that only notes when it was told what.</summary>
internal sealed class CountingProxy : IMeshUpdateSink, IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _awaited = new(StringComparer.Ordinal);
    private readonly Task _running;
    private int _synced;
    private int _enrolled;

    public CountingProxy(DiscoveryClientOptions options) =>
        _running = new DiscoveryClient(options, this, TimeProvider.System, NullLogger<DiscoveryClient>.Instance).RunAsync(_stop.Token);

    public bool HasSynced => Volatile.Read(ref _synced) >= Discovery.TypeUrls.Ztunnel.Length;

    public int Enrolled => Volatile.Read(ref _enrolled);

    /// <summary>Completes when the policy has arrived.</summary>
    public Task PolicyAsync(string key) => _awaited.GetOrAdd(key, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    IReadOnlyList<Rejection> IMeshUpdateSink.Apply(MeshUpdate update)
    {
        foreach (var policy in update.Policies)
        {
            _awaited.GetOrAdd(policy.Key, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        }

        Interlocked.Add(ref _enrolled, update.Enrolments.Count(e => e.Enrolled));
        return [];
    }

    void IMeshUpdateSink.Synced(string typeUrl) => Interlocked.Increment(ref _synced);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }
}
