using System.Net;
using Ambient.Core.Identity;
using Ambient.Core.Routes;
using Ambient.Waypoint.Upstreams.Clusters;

namespace Ambient.Waypoint.Upstreams.Health;

/// <summary>
/// Active checks of the endpoints of all clusters whose policy asks for them: one round an interval and cluster, a few endpoints at a time. The
/// proxy asks in its own name. Stops with the process.
/// </summary>
internal sealed class HealthProbes : IAsyncDisposable
{
    private const int MaxAtOnce = 8;
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);

    private readonly ClusterSet _clusters;
    private readonly Func<UpstreamKey, HttpMessageInvoker> _invokers;
    private readonly IUpstreamDialer _dialer;
    private readonly Func<PeerIdentity> _self;
    private readonly IEjections _ejections;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _places = new(MaxAtOnce);
    private readonly Dictionary<Cluster, Round> _rounds = [];
    private readonly Task _loop;

    public HealthProbes(
        ClusterSet clusters,
        Func<UpstreamKey, HttpMessageInvoker> invokers,
        IUpstreamDialer dialer,
        Func<PeerIdentity> self,
        IEjections ejections,
        TimeProvider time)
    {
        _clusters = clusters;
        _invokers = invokers;
        _dialer = dialer;
        _self = self;
        _ejections = ejections;
        _time = time;
        _loop = RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        await Task.WhenAll(_rounds.Values.Select(r => r.Task));
        _stop.Dispose();
        _places.Dispose();
    }

    private async Task RunAsync()
    {
        using PeriodicTimer timer = new(s_tick, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                Tick();
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void Tick()
    {
        HashSet<Cluster> there = [.. _clusters.All];
        foreach (Cluster gone in _rounds.Keys.Where(c => !there.Contains(c) && _rounds[c].Task.IsCompleted).ToArray())
        {
            _rounds.Remove(gone);
        }

        foreach (Cluster cluster in there)
        {
            if (cluster.State.Policy.HealthCheck is not { } check)
            {
                if (_rounds.Remove(cluster))
                {
                    ForgetAll(cluster);
                }
            }
            else if (!_rounds.TryGetValue(cluster, out Round? round)
                || (round.Task.IsCompleted && _time.GetElapsedTime(round.Begun) >= check.Interval))
            {
                _rounds[cluster] = new Round(_time.GetTimestamp(), CheckAllAsync(cluster, cluster.State, check));
            }
        }
    }

    private static void ForgetAll(Cluster cluster)
    {
        foreach (ClusterEndpoint endpoint in cluster.State.Endpoints.Values)
        {
            endpoint.ForgetProbes();
        }
    }

    private async Task CheckAllAsync(Cluster cluster, ClusterState state, HealthCheck check) =>
        await Task.WhenAll(state.Endpoints.Values.Select(e => CheckAsync(cluster, state, e, check)));

    private async Task CheckAsync(Cluster cluster, ClusterState state, ClusterEndpoint endpoint, HealthCheck check)
    {
        try
        {
            await _places.WaitAsync(_stop.Token);
            try
            {
                bool succeeded = await AskAsync(state, endpoint, check);
                if (endpoint.Probed(succeeded, check.HealthyThreshold, check.UnhealthyThreshold))
                {
                    _ejections.Probed(cluster, endpoint, succeeded);
                }
            }
            finally
            {
                _places.Release();
            }
        }
        catch (OperationCanceledException)
        {
            // the process ends
        }
    }

    private async ValueTask<bool> AskAsync(ClusterState state, ClusterEndpoint endpoint, HealthCheck check)
    {
        using CancellationTokenSource limit = new(check.Timeout, _time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stop.Token);
        UpstreamKey key = UpstreamKeys.To(endpoint.Workload, state.Service, endpoint.Port) with
        {
            Caller = _self(),
            Tls = state.Policy.Tls,
            TlsHost = state.Policy.Tls is { ServerName: null } ? state.Service?.Hostname : null,
            Http2 = state.Protocol is Core.Services.AppProtocol.Http2 or Core.Services.AppProtocol.Grpc,
        };
        try
        {
            if (check.Path is not { } path)
            {
                await using Stream stream = await _dialer.DialAsync(key, both.Token);
                return true;
            }

            using HttpRequestMessage request = new(HttpMethod.Get, key.Prefix.TrimEnd('/') + path)
            {
                Version = key.Version,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            request.Headers.Host = state.Service?.Hostname is { Length: > 0 } host ? host : key.Authority;
            request.Headers.TryAddWithoutValidation("User-Agent", "ambient-health");
            using HttpResponseMessage answer = await _invokers(key).SendAsync(request, both.Token);
            return answer.StatusCode is >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices;
        }
        catch (Exception e) when (e is not OperationCanceledException || !_stop.IsCancellationRequested)
        {
            return false; // whatever came in between, the endpoint did not answer as it should
        }
    }

    private sealed record Round(long Begun, Task Task);
}
