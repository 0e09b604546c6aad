using System.Net;
using Ambient.Core.Workloads;
using Ambient.Proxy.Hosting;
using Ambient.Ztunnel.Hosting;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Enrolment;

/// <summary>
/// Brings one pod in step with what is wished, again and again until it is:
/// <code>
/// enrolled      netns → listeners → certificate asked for → rules    (rules last: what they redirect is served, or refused, from the first packet)
/// not enrolled  rules let go → the last captured connection ends → listeners closed, nothing of ours stays
/// gone          everything ends at once
/// no word yet   nothing changes
/// </code>
/// Steps of one pod never overlap; those of different pods do, a few at a time.
/// </summary>
internal sealed class PodKeeper
{
    private readonly NodeContext _node;
    private readonly PodStarter _starter;
    private readonly SemaphoreSlim _turns;
    private readonly ILogger _log;
    private readonly DirtyLoop _loop;
    private readonly Lock _gate = new();
    private PodWish _wish = PodWish.Unknown;
    private bool _finished;
    private PodCapture? _capture;
    private TaskCompletionSource _stepped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal PodKeeper(string uid, NodeContext node, PodStarter starter, SemaphoreSlim turns)
    {
        Uid = uid;
        _node = node;
        _starter = starter;
        _turns = turns;
        _log = node.Loggers.CreateLogger("ambient.enrolment");
        _loop = new DirtyLoop(StepAsync);
    }

    /// <summary>Raised after each step, on the step's thread.</summary>
    internal event Action<PodKeeper>? Stepped;

    internal string Uid { get; }

    internal PodWish Wish
    {
        get
        {
            lock (_gate)
            {
                return _wish;
            }
        }
    }

    /// <summary>Not null while the pod is captured, or its captured connections go on.</summary>
    internal PodCapture? Capture => Volatile.Read(ref _capture);

    /// <summary>Why the last step failed; null when it did not.</summary>
    internal string? Failure { get; private set; }

    /// <returns>False when this keeper has finished: the pod, if it is there again, needs another.</returns>
    internal bool Tell(Func<PodWish, PodWish> change)
    {
        lock (_gate)
        {
            if (_finished)
            {
                return false;
            }

            _wish = change(_wish);
        }

        _loop.Wake();
        return true;
    }

    /// <summary>The pod has gone and nothing of it is left; from here on nothing can be told.</summary>
    internal bool TryFinish()
    {
        lock (_gate)
        {
            _finished = _finished || (_wish.Gone && Capture is null);
            return _finished;
        }
    }

    /// <summary>Looks again: retries, and puts changed rules back.</summary>
    internal void Wake() => _loop.Wake();

    internal Task PauseAsync() => _loop.StopAsync();

    internal void Resume() => _loop.Resume();

    /// <summary>The answer for the runtime as soon as there is one.</summary>
    internal async Task<CniReply> WhenSettledAsync(CancellationToken ct)
    {
        while (true)
        {
            Task next = Volatile.Read(ref _stepped).Task;
            if (Settled() is { } reply)
            {
                return reply;
            }

            await next.WaitAsync(ct);
        }
    }

    private CniReply? Settled()
    {
        PodWish wish = Wish;
        return wish switch
        {
            { Gone: true } => CniReply.Failed("the pod was deleted meanwhile"),
            { Answer: null } => null,
            { Answer.Enrolled: false } => CniReply.Free(wish.Answer.Reason),
            _ => Capture is { Capturing: true } ? CniReply.Captive(wish.Answer.Reason) : null,
        };
    }

    private async Task StepAsync()
    {
        await _turns.WaitAsync();
        try
        {
            await ReconcileAsync(Wish);
            Failure = null;
        }
        catch (Exception e)
        {
            if (Failure != e.Message)
            {
                PodLog.CaptureFailed(_log, Uid, e.Message);
            }

            Failure = e.Message;
        }
        finally
        {
            _turns.Release();
        }

        Interlocked.Exchange(ref _stepped, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        Stepped?.Invoke(this);
    }

    private Task ReconcileAsync(PodWish wish) => wish switch
    {
        { Gone: true } => GoAsync(),
        { Answer: { Enrolled: true } answer } => CaptureAsync(wish.Record, answer),
        { Answer: { Enrolled: false } } => ReleaseAsync(),
        _ => Task.CompletedTask,
    };

    private async Task CaptureAsync(PodRecord? record, PodEnrolment answer)
    {
        if (_capture is { } there && record is not null && !there.IsIn(record.Netns))
        {
            // The sandbox was made anew: another netns.
            await DropAsync(removeRules: false);
        }

        if (_capture is null)
        {
            Volatile.Write(ref _capture, _starter.Start(Uid, record, answer));
        }

        if (await _capture!.InstallAsync(answer))
        {
            PodLog.Captured(_log, Uid, answer.Namespace, answer.Name, answer.Reason);
        }
    }

    private async Task ReleaseAsync()
    {
        if (_capture is { Capturing: true } capturing)
        {
            await capturing.ReleaseAsync(then: _loop.Wake);
            PodLog.Released(_log, Uid, capturing.Proxy.Pod.Connections.Count);
        }
        else if (_capture is { HasEnded: true })
        {
            await DropAsync(removeRules: true);
        }
    }

    private async Task GoAsync()
    {
        if (_capture is not null)
        {
            await DropAsync(removeRules: false);
            PodLog.Gone(_log, Uid);
        }
    }

    private async Task DropAsync(bool removeRules)
    {
        if (_capture is { } capture)
        {
            if (removeRules)
            {
                await capture.RemoveRulesAsync();
            }

            Volatile.Write(ref _capture, null);
            await _starter.EndAsync(capture);
        }
    }

    /// <summary>Addresses whose probes pass, while captured.</summary>
    internal IEnumerable<IPAddress> ProbedAddresses()
    {
        if (Capture is null)
        {
            return [];
        }

        PodWish wish = Wish;
        IEnumerable<IPAddress> told = wish.Record?.Addresses.Select(IPAddress.Parse) ?? [];
        IEnumerable<IPAddress> known = wish.Answer is { } answer && _node.Mesh.Current.WorkloadByUid(answer.WorkloadUid) is { } workload
            ? workload.Addresses
            : [];
        return told.Union(known);
    }
}
