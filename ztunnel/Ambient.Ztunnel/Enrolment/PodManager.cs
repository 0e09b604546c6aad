using System.Collections.Concurrent;
using Ambient.Core;
using Ambient.Core.Workloads;
using Ambient.Proxy.Hosting;
using Ambient.Ztunnel.Capture;
using Ambient.Ztunnel.Connections;
using Ambient.Ztunnel.Hosting;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Enrolment;

/// <summary>
/// All pods of the node: joins the runtime's word (CNI calls) with the operator's (enrolments) and tells each pod's keeper;
/// passes changes of the mesh on to open connections; keeps the probe rule in step.
/// </summary>
internal sealed class PodManager : IAsyncDisposable
{
    private const int ConcurrentSteps = 4;

    // Every pod is looked at every five ticks, a fifth of them at each, so that many pods are no burst.
    private const int UpkeepShares = 5;
    private static readonly TimeSpan s_upkeep = TimeSpan.FromSeconds(1);

    private readonly NodeContext _node;
    private readonly PodStarter _starter;
    private readonly PodStore _store;
    private readonly ILogger _log;
    private readonly ConcurrentDictionary<string, PodKeeper> _keepers = [];
    private readonly SemaphoreSlim _turns = new(ConcurrentSteps);
    private readonly NodeProbes _probes;
    private readonly DirtyLoop _probing;
    private ITimer? _upkeep;
    private int _tick;

    internal PodManager(NodeContext node, PodStarter starter, PodStore store)
    {
        _node = node;
        _starter = starter;
        _store = store;
        _log = node.Loggers.CreateLogger("ambient.enrolment");
        _probes = new NodeProbes(node.Config.KubeletUser);
        _probing = new DirtyLoop(SetProbesAsync);
    }

    internal IEnumerable<PodKeeper> Keepers => _keepers.Values;

    internal IEnumerable<TrackedConnection> OpenConnections =>
        _keepers.Values.SelectMany(k => k.Capture?.Proxy.Pod.Connections.Open ?? []);

    /// <summary>True when every pod that runs here and is to be captured is; one that the runtime has not made yet is nobody's fault.</summary>
    internal bool IsSettled => _keepers.Values.All(
        k => k.Wish is not { Record: not null, Answer.Enrolled: true, Gone: false } || k.Capture is { Capturing: true });

    internal void Start()
    {
        foreach (PodRecord pod in _store.LoadPods())
        {
            Tell(pod.Uid, w => w with { Record = pod });
        }

        Take(_node.Mesh.Current.Enrolments.Values);
        _node.Mesh.Changed += OnChanged;
        _upkeep = _node.Time.CreateTimer(_ => TryUpkeep(), null, s_upkeep, s_upkeep);
    }

    /// <summary>The runtime made a pod; waits for its capture, at most so long as the configuration says.</summary>
    internal async Task<CniReply> AddAsync(PodRecord pod)
    {
        if (ProblemWith(pod) is { } problem)
        {
            return CniReply.Failed(problem);
        }

        _store.Save(pod);
        PodKeeper keeper = Tell(pod.Uid, w => new PodWish(
            pod, _node.Mesh.Current.Enrolments.GetValueOrDefault(pod.Uid) ?? w.Answer, false));
        if (pod.Namespace is MeshDefaults.SystemNamespace or "kube-system")
        {
            return CniReply.Free($"pods of {pod.Namespace} do not wait: the mesh itself may depend on them");
        }

        using var limit = new CancellationTokenSource(_node.Config.CniWait, _node.Time);
        try
        {
            return await keeper.WhenSettledAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            string why = keeper.Failure ?? "the operator has not said yet whether it is in the mesh";
            PodLog.Waits(_log, pod.Uid);
            return CniReply.Failed($"pod {pod.Namespace}/{pod.Name} is held back: {why}");
        }
    }

    /// <param name="uid">Pod uid.</param>
    /// <param name="netns">Of the sandbox that goes; another than the one known is an older one and does not matter.</param>
    internal CniReply Delete(string uid, string netns)
    {
        if (_keepers.TryGetValue(uid, out PodKeeper? keeper)
            && (netns.Length == 0 || keeper.Wish.Record is not { } record || record.Netns == netns))
        {
            _store.Forget(uid);
            keeper.Tell(w => w with { Gone = true });
        }

        return CniReply.Free("deleted");
    }

    internal CniReply Check(string uid) => _keepers.TryGetValue(uid, out PodKeeper? keeper) && keeper.Failure is { } failure
        ? CniReply.Failed(failure)
        : CniReply.Free("nothing to complain about");

    /// <summary>Before a hand-over and before the end: no pod is captured or released any more. May be called again.</summary>
    internal async Task PauseAsync()
    {
        _node.Mesh.Changed -= OnChanged;
        _node.Mesh.Changed -= RecheckOnly;
        _node.Mesh.Changed += RecheckOnly;
        if (_upkeep is { } upkeep)
        {
            await upkeep.DisposeAsync();
        }

        await Task.WhenAll(_keepers.Values.Select(k => k.PauseAsync()));
        await _probing.StopAsync();
    }

    /// <summary>After a hand-over that did not come about.</summary>
    internal void Resume()
    {
        _node.Mesh.Changed -= RecheckOnly;
        _probing.Resume();
        foreach (PodKeeper keeper in _keepers.Values)
        {
            keeper.Resume();
        }

        Start();
    }

    /// <summary>Ends every connection; rules stay, so that pods do not fall back to plaintext.</summary>
    public async ValueTask DisposeAsync()
    {
        await PauseAsync();
        _node.Mesh.Changed -= RecheckOnly;
        foreach (PodKeeper keeper in _keepers.Values)
        {
            if (keeper.Capture is { } capture)
            {
                await capture.Proxy.DisposeAsync();
                capture.Dispose();
            }
        }

        _probes.Dispose();
    }

    private static string? ProblemWith(PodRecord pod)
    {
        try
        {
            using Netns netns = Netns.Open(pod.Netns);
            return netns.IsHome ? $"{pod.Netns} is the node's own network namespace" : null;
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }

    // A keeper that has just finished (the pod's sandbox was deleted and is made anew) is replaced.
    private PodKeeper Tell(string uid, Func<PodWish, PodWish> change)
    {
        while (true)
        {
            PodKeeper keeper = _keepers.GetOrAdd(uid, NewKeeper);
            if (keeper.Tell(change))
            {
                return keeper;
            }

            _keepers.TryRemove(new KeyValuePair<string, PodKeeper>(uid, keeper));
        }
    }

    private PodKeeper NewKeeper(string uid)
    {
        var keeper = new PodKeeper(uid, _node, _starter, _turns);
        keeper.Stepped += OnStepped;
        return keeper;
    }

    private void OnStepped(PodKeeper keeper)
    {
        if (keeper.TryFinish())
        {
            _keepers.TryRemove(new KeyValuePair<string, PodKeeper>(keeper.Uid, keeper));
        }

        if (keeper.Failure is not null || _node.Metrics.Node.Pending > 0)
        {
            _node.Metrics.Node.Pending = _keepers.Values.Count(k => k.Failure is not null);
        }

        _probing.Wake();
    }

    private void OnChanged(MeshSnapshot snapshot, MeshUpdate update)
    {
        Take(update.Enrolments);
        RecheckOnly(snapshot, update);
        if (!update.Workloads.IsEmpty)
        {
            _probing.Wake();
        }
    }

    private void Take(IEnumerable<PodEnrolment> answers)
    {
        foreach (PodEnrolment answer in answers)
        {
            // Of a pod that nobody told of and that is not wanted nothing has to be kept.
            if (PodUids.IsValid(answer.PodUid) && (answer.Enrolled || _keepers.ContainsKey(answer.PodUid)))
            {
                Tell(answer.PodUid, w => w with { Answer = answer });
            }
        }
    }

    private void RecheckOnly(MeshSnapshot snapshot, MeshUpdate update)
    {
        var change = new MeshChange(update);
        if (change.IsNothing)
        {
            return;
        }

        foreach (PodKeeper keeper in _keepers.Values)
        {
            if (keeper.Capture?.Proxy.Pod is { } pod)
            {
                if (pod.Connections.Recheck(snapshot, change) is > 0 and var closed)
                {
                    PodLog.ConnectionsClosed(_log, pod.Pod.Uid, closed);
                }

                pod.Pool.Evict(key => StaleTunnels.Contains(snapshot, pod, key));
            }
        }
    }

    // Out of a timer's callback an exception would end the process, and with it every connection of the node.
    private void TryUpkeep()
    {
        try
        {
            Upkeep();
        }
        catch (Exception e)
        {
            PodLog.StepFailed(_log, e);
        }
    }

    private void Upkeep()
    {
        int share = Interlocked.Increment(ref _tick) % UpkeepShares;
        foreach (PodKeeper keeper in _keepers.Values)
        {
            if ((keeper.Uid.GetHashCode(StringComparison.Ordinal) & int.MaxValue) % UpkeepShares != share)
            {
                continue;
            }

            PodWish wish = keeper.Wish;
            if (wish.Record is { } record && !File.Exists(record.Netns) && !record.Netns.StartsWith("/proc/", StringComparison.Ordinal))
            {
                Delete(record.Uid, record.Netns);
            }
            else if (wish.Record is null && !_node.Mesh.Current.Enrolments.ContainsKey(keeper.Uid))
            {
                // Found through /proc, and the operator no longer knows it: it has left the node.
                keeper.Tell(w => w with { Gone = true });
            }
            else
            {
                keeper.Wake();
            }
        }

        if (share == 0)
        {
            _probing.Wake();
        }
    }

    private async Task SetProbesAsync()
    {
        try
        {
            await _probes.SetAsync([.. _keepers.Values.SelectMany(k => k.ProbedAddresses()).Distinct()]);
            await _probes.RestoreAsync();
        }
        catch (IOException e)
        {
            PodLog.StepFailed(_log, e);
        }
    }
}
