using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Microsoft.Extensions.Logging;

namespace Ambient.Kube.Working;

/// <summary>
/// Leads while it holds the lease. Whether another's lease has run out is judged by when *this* process last saw it change, on the
/// monotonic clock, never by the times written in it: clocks of nodes differ and jump.
/// </summary>
public sealed partial class LeaderElector
{
    private readonly LeaseLock _lock;
    private readonly LeaderElectionOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private Lease? _observed;
    private long _observedAt;

    public LeaderElector(LeaseLock leaseLock, LeaderElectionOptions options, TimeProvider time, ILogger logger)
    {
        _lock = leaseLock;
        _options = options;
        _time = time;
        _logger = logger;
    }

    public bool IsLeader { get; private set; }

    /// <summary>Who leads, as last seen; empty when nobody.</summary>
    public string Leader => _observed?.Spec?.HolderIdentity ?? "";

    /// <summary>
    /// Runs <paramref name="lead"/> whenever it leads, with a token that ends when it no longer does; returns when cancelled, having
    /// released the lease so that another need not wait for it.
    /// </summary>
    public async Task RunAsync(Func<CancellationToken, Task> lead, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                while (!await TryAcquireOrRenewAsync(cancellation))
                {
                    await Task.Delay(_options.RetryPeriod * (1 + (Random.Shared.NextDouble() * 0.2)), _time, cancellation);
                }

                await LeadAsync(lead, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Asked to stop.
        }
        finally
        {
            await ReleaseAsync();
        }
    }

    private async Task LeadAsync(Func<CancellationToken, Task> lead, CancellationToken cancellation)
    {
        IsLeader = true;
        LogLeading(_logger, _lock.Identity);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task work = WorkAsync(lead, ends.Token);
        try
        {
            long renewed = _time.GetTimestamp();
            while (_time.GetElapsedTime(renewed) < _options.RenewDeadline)
            {
                await Task.Delay(_options.RetryPeriod, _time, cancellation);
                if (await TryAcquireOrRenewAsync(cancellation))
                {
                    renewed = _time.GetTimestamp();
                }
                else if (Leader.Length > 0 && Leader != _lock.Identity)
                {
                    break;
                }
            }

            LogLost(_logger, _lock.Identity, Leader);
        }
        finally
        {
            IsLeader = false;
            await ends.CancelAsync();
            await work;
        }
    }

    private static async Task WorkAsync(Func<CancellationToken, Task> lead, CancellationToken cancellation)
    {
        try
        {
            await lead(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // No longer leading.
        }
    }

    /// <summary>True when the lease is ours now.</summary>
    private async Task<bool> TryAcquireOrRenewAsync(CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(_options.RenewDeadline, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            Lease? current = await _lock.FindAsync(both.Token);
            if (current is null)
            {
                Observe(await _lock.CreateAsync(Spec(null), both.Token));
                return true;
            }

            if (current.Metadata.ResourceVersion != _observed?.Metadata.ResourceVersion)
            {
                Observe(current);
            }

            string holder = current.Spec?.HolderIdentity ?? "";
            bool ours = holder == _lock.Identity;
            if (!ours && holder.Length > 0 && _time.GetElapsedTime(_observedAt) < Duration(current))
            {
                return false;
            }

            Observe(await _lock.ReplaceAsync(current, Spec(current.Spec), both.Token));
            return true;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested
            && e is KubeException or HttpRequestException or IOException or TimeoutException or OperationCanceledException or KubeConfigException)
        {
            LogFailed(_logger, _lock.Identity, e.Message);
            return false;
        }
    }

    private void Observe(Lease lease)
    {
        _observed = lease;
        _observedAt = _time.GetTimestamp();
    }

    private TimeSpan Duration(Lease lease) =>
        lease.Spec?.LeaseDurationSeconds is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : _options.LeaseDuration;

    private LeaseSpec Spec(LeaseSpec? standing)
    {
        DateTimeOffset now = _time.GetUtcNow();
        bool ours = standing?.HolderIdentity == _lock.Identity;
        return new LeaseSpec
        {
            HolderIdentity = _lock.Identity,
            LeaseDurationSeconds = (int)_options.LeaseDuration.TotalSeconds,
            AcquireTime = ours ? standing!.AcquireTime : now,
            RenewTime = now,
            LeaseTransitions = (standing?.LeaseTransitions ?? -1) + (ours ? 0 : 1),
        };
    }

    private async Task ReleaseAsync()
    {
        if (_observed is not { } held || held.Spec?.HolderIdentity != _lock.Identity)
        {
            return;
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(3), _time);
        try
        {
            if (!await TryReleaseAsync(held, limit.Token)
                && await _lock.FindAsync(limit.Token) is { } newer && newer.Spec?.HolderIdentity == _lock.Identity)
            {
                _ = await TryReleaseAsync(newer, limit.Token);
            }
        }
        catch (Exception e) when (e is KubeException or HttpRequestException or IOException or TimeoutException or OperationCanceledException)
        {
            // It runs out by itself.
            LogFailed(_logger, _lock.Identity, e.Message);
        }
    }

    [LoggerMessage(30, LogLevel.Information, "{Identity} leads")]
    private static partial void LogLeading(ILogger logger, string identity);

    [LoggerMessage(31, LogLevel.Warning, "{Identity} no longer leads; the lease is held by '{Leader}'")]
    private static partial void LogLost(ILogger logger, string identity, string leader);

    [LoggerMessage(32, LogLevel.Warning, "{Identity} could not get or renew the lease: {Reason}")]
    private static partial void LogFailed(ILogger logger, string identity, string reason);

    /// <summary>False when the lease was written meanwhile: also by a renewal of our own that was cut off after the server had taken it.</summary>
    private async Task<bool> TryReleaseAsync(Lease held, CancellationToken ct)
    {
        try
        {
            await _lock.ReplaceAsync(
                held, held.Spec! with { HolderIdentity = "", LeaseDurationSeconds = 1, RenewTime = _time.GetUtcNow() }, ct);
            return true;
        }
        catch (KubeException e) when (e.IsConflict)
        {
            return false;
        }
    }
}
