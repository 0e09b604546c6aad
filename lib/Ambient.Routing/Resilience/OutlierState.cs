using Ambient.Core.Routes;

namespace Ambient.Routing.Resilience;

/// <summary>What is known of one endpoint; guarded by its detector's lock.</summary>
internal sealed class OutlierState(OutlierDetector owner)
{
    private readonly OutlierDetection _policy = owner.Policy;
    private SlidingWindow? _window = owner.NewWindow();
    private int _serverErrors;
    private int _gatewayErrors;
    private int _localErrors;
    private int _ejections;
    private TimeSpan _until;
    private TimeSpan _backSince;
    private TimeSpan? _probeSince;

    /// <summary>Ejected, or not back yet.</summary>
    public bool IsOut { get; private set; }

    public bool MayProbe(TimeSpan now) => now >= _until && (_probeSince is not { } since || now - since >= _policy.BaseEjectionTime);

    /// <summary>One at a time; a probe that nobody reported on counts as lost after the base ejection time.</summary>
    public bool TryProbe(TimeSpan now)
    {
        bool mine = MayProbe(now);
        _probeSince = mine ? now : _probeSince;
        return mine;
    }

    public void ForgetProbe() => _probeSince = null;

    /// <summary>Counts a result; true when the endpoint is to be ejected, if that is allowed.</summary>
    public bool Count(AttemptResult result, TimeSpan now)
    {
        bool failed = CountConsecutive(result);
        _window?.Add(1, IsFailure(result) || result.Status == 429 || result.GrpcStatus == 8 ? 1 : 0);
        if (IsOut)
        {
            // Requests from before the ejection come in late; only the one that was sent to try it tells something.
            if (_probeSince is null)
            {
                return false;
            }

            _probeSince = null;
            if (IsFailure(result))
            {
                return true;
            }

            (IsOut, _backSince) = (false, now);
            _window = owner.NewWindow();
            Reset();
            return false;
        }

        return failed || BelowSuccessRate();
    }

    public void Eject(TimeSpan now, Random random)
    {
        if (!IsOut && _ejections > 0 && _policy.Interval > TimeSpan.Zero)
        {
            // Every quiet interval takes back one ejection.
            _ejections = Math.Max(0, _ejections - (int)Math.Min(int.MaxValue, (now - _backSince) / _policy.Interval));
        }

        _ejections++;
        double times = _policy.Exponential ? Math.Pow(2, Math.Min(_ejections - 1, 30)) : _ejections;
        TimeSpan longest = _policy.MaxEjectionTime > _policy.BaseEjectionTime ? _policy.MaxEjectionTime : _policy.BaseEjectionTime;
        double ticks = Math.Min(_policy.BaseEjectionTime.Ticks * times, longest.Ticks);
        _until = now + TimeSpan.FromTicks((long)(ticks * (1 + (_policy.Jitter * random.NextDouble()))));
        IsOut = true;
        Reset();
    }

    public string Describe(TimeSpan now) => !IsOut ? "ok"
        : now < _until ? $"ejected {_ejections} times, for {(_until - now).TotalSeconds:0.#} s more"
        : "ejected, waits for one request that succeeds";

    private bool CountConsecutive(AttemptResult result)
    {
        if (result.Failure != AttemptFailure.None && _policy.SplitLocalErrors)
        {
            return Reached(ref _localErrors, _policy.ConsecutiveLocalErrors);
        }

        _localErrors = 0;
        bool gateway = result.Failure != AttemptFailure.None || result.Status is 502 or 503 or 504;
        bool reachedGateway = gateway && Reached(ref _gatewayErrors, _policy.ConsecutiveGatewayErrors);
        _gatewayErrors = gateway ? _gatewayErrors : 0;
        if (IsFailure(result))
        {
            return Reached(ref _serverErrors, _policy.Consecutive5xx) || reachedGateway;
        }

        _serverErrors = 0;
        return reachedGateway;
    }

    private bool IsFailure(AttemptResult result) => result.Failure != AttemptFailure.None
        || (_policy.ErrorCodes.IsEmpty ? result.Status is >= 500 and <= 599 : _policy.ErrorCodes.Contains(result.Status))
        || result.GrpcStatus is 2 or 4 or 13 or 14 or 15;

    private bool BelowSuccessRate()
    {
        if (_window is null)
        {
            return false;
        }

        (long all, long failed) = _window.Sum();
        return all >= _policy.SuccessRateMinRequests && all - failed < _policy.MinSuccessRate * all;
    }

    private void Reset()
    {
        (_serverErrors, _gatewayErrors, _localErrors) = (0, 0, 0);
        _probeSince = null;
    }

    private static bool Reached(ref int count, int limit) => limit > 0 && ++count >= limit;
}
