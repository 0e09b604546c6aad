using Ambient.Core.Identity;
using Ambient.Proxy.Hosting;
using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Draining;
using Ambient.Ztunnel.Enrolment;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Hosting;

/// <summary>
/// The node's proxy from start to end:
/// <list type="number">
/// <item>configuration and certificates are followed, admin ports answer;</item>
/// <item>when an older process serves: wait until this one knows the mesh, then take its listeners over; else open them anew;</item>
/// <item>CNI calls are taken; a newer process may ask for a hand-over;</item>
/// <item>at SIGTERM: nothing new is taken, open connections get the drain time; rules stay, so that nothing falls back to plaintext.</item>
/// </list>
/// </summary>
internal sealed class ZtunnelNode : IAsyncDisposable
{
    private static readonly TimeSpan s_meshPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_freshPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_svidPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_settlePatience = TimeSpan.FromSeconds(30);

    private readonly NodeParts _parts;
    private readonly Readiness _readiness;
    private readonly AdminPorts _admin;
    private readonly HandoverGiver _giver;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private CniSocket _cni;
    private Task _following = Task.CompletedTask;
    private volatile bool _given;
    private volatile bool _handedOver;

    internal ZtunnelNode(NodeParts parts, LineLogger loggers)
    {
        _parts = parts;
        _log = loggers.CreateLogger("ambient.ztunnel");
        NodeContext context = parts.Context;
        _readiness = new Readiness(context, () => parts.Pods.IsSettled);
        _admin = new AdminPorts(parts, loggers, _readiness);
        _giver = new HandoverGiver(context.Config.HandoverSocket, BeginHandoverAsync, FinishHandoverAsync, _log);
        _cni = new CniSocket(parts.Pods, context);
    }

    internal NodeParts Parts => _parts;

    internal async Task StartAsync()
    {
        _admin.Start();
        StartKeeping();
        _following = _parts.Source.RunAsync(_stop.Token);
        using HandoverTaker? older = await TakeOverAsync();
        _parts.Starter.Adopt(older?.Pods ?? []);
        _parts.Pods.Start();
        if (older is not null)
        {
            await WaitAsync(() => _parts.Pods.IsSettled, s_settlePatience);
            await older.ConfirmAsync();
            HandoverLog.Taken(_log, older.Pods.Count);
        }

        _cni.Start();
        _giver.Start();
        _readiness.MarkStarted();
    }

    /// <summary>
    /// Lets connections end, at most for the drain time. In order: not ready any more; a successor may take the listeners over, and until then
    /// everything goes on (on a host network the new pod's readiness probe is answered by this process, so that a rolling update can
    /// end it before the new one has started); tunnels are told to end (GOAWAY); without a successor the listeners are closed, so that one
    /// which starts now finds the ports free; what is open may go on.
    /// </summary>
    internal async Task DrainAsync()
    {
        _readiness.MarkLeaving();
        if (!_handedOver && Proxies().Length > 0)
        {
            await WaitAsync(() => _handedOver, _parts.Context.Config.SuccessorTime);
        }

        await _giver.DisposeAsync();
        await _cni.DisposeAsync();
        TimeSpan limit = _parts.Context.Config.DrainTime;
        PodProxy[] proxies = Proxies();
        HandoverLog.Draining(_log, proxies.Sum(p => p.Pod.Connections.Count), limit.TotalSeconds);
        await Task.WhenAll(proxies.Select(p => p.AnnounceEndAsync()));
        if (!_given)
        {
            await _parts.Pods.PauseAsync();
            await Task.WhenAll(proxies.Select(p => p.CloseListenersAsync()));
        }

        await Task.WhenAll(proxies.Select(p => p.EmptyAsync(limit)));
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _giver.DisposeAsync();
        await _cni.DisposeAsync();
        await _stop.CancelAsync();
        await _following;
        await StopKeepingAsync(write: !_given);
        await _parts.Pods.DisposeAsync();
        await _admin.DisposeAsync();
        await _parts.Svids.DisposeAsync();
        await _parts.Context.AccessLog.DisposeAsync();
    }

    private void StartKeeping()
    {
        _parts.MeshKeeper.Start();
        _parts.CertificateKeeper?.Start();
    }

    private async Task StopKeepingAsync(bool write)
    {
        await _parts.MeshKeeper.StopAsync(write);
        if (_parts.CertificateKeeper is { } certificates)
        {
            await certificates.StopAsync(write);
        }
    }

    private PodProxy[] Proxies() => [.. _parts.Pods.Keepers.Select(k => k.Capture?.Proxy).OfType<PodProxy>()];

    private async Task<HandoverTaker?> TakeOverAsync()
    {
        string path = _parts.Context.Config.HandoverSocket;
        if (!await HandoverTaker.IsServedAsync(path))
        {
            return null;
        }

        // What the older process kept does when the operator is away; while it serves, something newer is worth a wait.
        await WaitAsync(() => _parts.Context.Mesh.IsLive, _parts.Context.Mesh.IsReady ? s_freshPatience : s_meshPatience);
        await PrefetchAsync();
        try
        {
            return await HandoverTaker.TryTakeAsync(path);
        }
        catch (IOException e)
        {
            HandoverLog.Failed(_log, e.Message);
            return null;
        }
    }

    // The older process has certificates; to serve in its place at once, this one needs them too.
    private async Task PrefetchAsync()
    {
        using var limit = new CancellationTokenSource(s_svidPatience, _parts.Context.Time);
        var mesh = _parts.Context.Mesh.Current;
        foreach (SpiffeId id in mesh.Enrolments.Values.Where(e => e.Enrolled)
            .Select(e => new SpiffeId(mesh.Settings.TrustDomain, e.Namespace, e.ServiceAccount)).Distinct())
        {
            try
            {
                await _parts.Svids.GetAsync(id, limit.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or Identity.Svids.SvidUnavailableException)
            {
                HandoverLog.NoCertificate(_log, id.ToString(), e.Message);
            }
        }
    }

    private async Task<IReadOnlyList<PodProxy>> BeginHandoverAsync()
    {
        await _cni.DisposeAsync();
        await _parts.Pods.PauseAsync();
        await StopKeepingAsync(write: false);
        return Proxies();
    }

    private async Task FinishHandoverAsync(bool serving)
    {
        if (!serving)
        {
            _cni = new CniSocket(_parts.Pods, _parts.Context);
            _parts.Pods.Resume();
            StartKeeping();
            _cni.Start();
            return;
        }

        _given = true;
        _readiness.MarkLeaving();
        await _admin.DisposeAsync();
        foreach (PodProxy proxy in Proxies())
        {
            await proxy.StopAcceptingAsync();
            _ = proxy.DrainAsync(null, _stop.Token).ContinueWith(
                static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }

        // Only now: who ends before every listener has stopped would reset what it accepted last.
        _handedOver = true;
    }

    private async Task WaitAsync(Func<bool> condition, TimeSpan patience)
    {
        TimeProvider time = _parts.Context.Time;
        long started = time.GetTimestamp();
        while (!condition() && time.GetElapsedTime(started) < patience)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, CancellationToken.None);
        }
    }
}
