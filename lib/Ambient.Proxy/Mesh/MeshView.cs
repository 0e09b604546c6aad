using Ambient.Core;
using Ambient.Core.Workloads;
using Ambient.Identity.Trust;

namespace Ambient.Proxy.Mesh;

/// <summary>
/// The mesh as this node knows it. Nothing is decided before workloads and policies have both arrived once: a policy that is
/// still on its way could deny; or before what an earlier process knew has been read. One writer (discovery or the local file); any thread reads.
/// </summary>
internal sealed class MeshView(TimeProvider time)
{
    private readonly MeshStore _store = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TrustPolicy _trust = TrustOf(new MeshSettings());
    private volatile bool _live, _whole;
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Raised on the writer's thread after the swap.</summary>
    internal event Action<MeshSnapshot, MeshUpdate>? Changed
    {
        add => _store.Changed += value;
        remove => _store.Changed -= value;
    }

    internal MeshSnapshot Current => _store.Current;

    /// <summary>Raised once, after all types are there.</summary>
    internal event Action? BecameWhole;

    /// <summary>Raised each time that what is known is found complete enough to decide by.</summary>
    internal event Action? BecameReady;

    /// <summary>Connections can be decided: workloads and policies are complete, from the source or as remembered.</summary>
    internal bool IsReady => _ready.Task.IsCompletedSuccessfully;

    /// <summary>Workloads and policies have come from the source in the life of this process.</summary>
    internal bool IsLive => _live;

    /// <summary>Every type is complete, settings and enrolments too.</summary>
    internal bool IsWhole => _whole;

    /// <summary>The same object until settings change, so that TLS options cached by it stay.</summary>
    internal TrustPolicy Trust => _trust;

    internal void Apply(MeshUpdate update)
    {
        if (update.Settings is { } settings)
        {
            _trust = TrustOf(settings);
        }

        _store.Apply(update);
        Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>Workloads and policies are complete, from the source.</summary>
    internal void MarkLive()
    {
        _live = true;
        MarkReady();
    }

    /// <summary>Everything is complete, from the source.</summary>
    internal void MarkWhole()
    {
        if (!_whole)
        {
            _whole = true;
            BecameWhole?.Invoke();
        }
    }

    /// <summary>Everything is complete, as an earlier process knew it.</summary>
    internal void MarkRemembered()
    {
        _whole = true;
        MarkReady();
    }

    private void MarkReady()
    {
        _ready.TrySetResult();
        BecameReady?.Invoke();
        Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>The workload once it and everything else needed to decide is there; null when it is not in time.</summary>
    internal ValueTask<Workload?> WorkloadAsync(string uid, TimeSpan patience) =>
        IsReady && Current.WorkloadByUid(uid) is { } workload
            ? ValueTask.FromResult<Workload?>(workload)
            : new ValueTask<Workload?>(WaitForWorkloadAsync(uid, patience));

    private async Task<Workload?> WaitForWorkloadAsync(string uid, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience, time);
        while (true)
        {
            Task next = Volatile.Read(ref _next).Task;
            if (IsReady && Current.WorkloadByUid(uid) is { } workload)
            {
                return workload;
            }

            try
            {
                await next.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }
    }

    private static TrustPolicy TrustOf(MeshSettings settings) => new(settings.TrustDomain, settings.TrustDomainAliases);
}
