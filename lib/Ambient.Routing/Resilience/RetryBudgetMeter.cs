using Ambient.Core.Routes;

namespace Ambient.Routing.Resilience;

/// <summary>Counts a service's requests and retries at one proxy against its budget. Thread-safe.</summary>
public sealed class RetryBudgetMeter
{
    private readonly RetryBudget _budget;
    private readonly SlidingWindow _window;
    private int _requests;
    private int _retries;

    public RetryBudgetMeter(RetryBudget budget, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(budget);
        _budget = budget;
        _window = new SlidingWindow(budget.Window, time);
    }

    /// <summary>Retries under way.</summary>
    public int ActiveRetries => Volatile.Read(ref _retries);

    public void RequestStarted()
    {
        Interlocked.Increment(ref _requests);
        _window.Add(1, 0);
    }

    public void RequestEnded() => Interlocked.Decrement(ref _requests);

    /// <summary>Takes a retry from the budget; then <see cref="RetryEnded"/> must follow.</summary>
    public bool TryStartRetry()
    {
        int active = Interlocked.Increment(ref _retries);
        bool may = _budget.MinConcurrent > 0
            ? active <= Math.Max(_budget.MinConcurrent, _budget.Ratio * Volatile.Read(ref _requests))
            : _window.TryAddSecond((requests, retries) =>
                retries < (requests * _budget.Ratio) + (_budget.MinPerSecond * _budget.Window.TotalSeconds));
        if (!may)
        {
            Interlocked.Decrement(ref _retries);
        }

        return may;
    }

    public void RetryEnded() => Interlocked.Decrement(ref _retries);
}
