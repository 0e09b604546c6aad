using System.Collections.Immutable;
using Ambient.Core.Routes;

namespace Ambient.Routing.Resilience;

/// <summary>
/// Leaves out the endpoints of one service (subset) that answer badly. An endpoint comes back by one request: when its time is over one
/// caller may try it; an answer that counts as success brings it back, another failure ejects it again, for longer. One lock for all
/// endpoints, held for a few comparisons.
/// </summary>
public sealed class OutlierDetector
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, OutlierState> _states = new(StringComparer.Ordinal);
    private readonly Random _random;
    private readonly TimeProvider _time;
    private readonly long _start;

    public OutlierDetector(OutlierDetection policy, TimeProvider time, Random random)
    {
        ArgumentNullException.ThrowIfNull(time);
        Policy = policy;
        _time = time;
        _random = random;
        _start = time.GetTimestamp();
    }

    public OutlierDetection Policy { get; }

    /// <summary>Ejections since the start.</summary>
    public long Ejections { get; private set; }

    internal TimeSpan Now => _time.GetElapsedTime(_start);

    /// <summary>Endpoints that are left out now.</summary>
    public int Ejected
    {
        get
        {
            lock (_lock)
            {
                return _states.Values.Count(s => s.IsOut);
            }
        }
    }

    /// <summary>The endpoints that there are; what is known of those that stay is kept.</summary>
    public void SetEndpoints(IReadOnlyCollection<string> endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        lock (_lock)
        {
            HashSet<string> stay = [.. endpoints];
            foreach (string gone in _states.Keys.Where(k => !stay.Contains(k)).ToImmutableArray())
            {
                _states.Remove(gone);
            }

            foreach (string endpoint in stay)
            {
                _states.TryAdd(endpoint, new OutlierState(this));
            }
        }
    }

    /// <summary>True when the endpoint may be chosen, which for one that is coming back nobody else has done yet. Changes nothing.</summary>
    public bool MayTake(string endpoint)
    {
        lock (_lock)
        {
            return !_states.TryGetValue(endpoint, out OutlierState? state) || !state.IsOut || state.MayProbe(Now);
        }
    }

    /// <summary>Chooses the endpoint. False: somebody else was quicker to try one that is coming back.</summary>
    public bool TryTake(string endpoint)
    {
        lock (_lock)
        {
            return !_states.TryGetValue(endpoint, out OutlierState? state) || !state.IsOut || state.TryProbe(Now);
        }
    }

    /// <summary>What came of a request. True when it got the endpoint ejected.</summary>
    public bool Report(string endpoint, AttemptResult result)
    {
        lock (_lock)
        {
            if (!_states.TryGetValue(endpoint, out OutlierState? state) || !state.Count(result, Now))
            {
                return false;
            }

            if (!state.IsOut && !MayEjectOneMore())
            {
                return false;
            }

            state.Eject(Now, _random);
            Ejections++;
            return true;
        }
    }

    /// <summary>The request that tried an endpoint ended without saying anything about it (the caller went away).</summary>
    public void Forget(string endpoint)
    {
        lock (_lock)
        {
            if (_states.TryGetValue(endpoint, out OutlierState? state))
            {
                state.ForgetProbe();
            }
        }
    }

    /// <summary>For <c>proxy-config endpoints</c>: <c>ok</c>, or until when and how often it was ejected.</summary>
    public string Describe(string endpoint)
    {
        lock (_lock)
        {
            return _states.TryGetValue(endpoint, out OutlierState? state) ? state.Describe(Now) : "ok";
        }
    }

    internal SlidingWindow? NewWindow() => Policy.MinSuccessRate > 0 ? new SlidingWindow(Policy.SuccessRateWindow, _time) : null;

    private bool MayEjectOneMore()
    {
        int most = Policy.MaxEjectionPercent <= 0 ? 0 : Math.Max(1, (int)(_states.Count * Math.Min(100, Policy.MaxEjectionPercent) / 100));
        return _states.Values.Count(s => s.IsOut) < most;
    }
}
