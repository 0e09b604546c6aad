using Ambient.Waypoint.Requests;

namespace Ambient.Waypoint.Telemetry.Metrics;

/// <summary>Counters of one rule of a route for one service. Any thread.</summary>
internal sealed class RouteSeries
{
    // By the first digit of the status; 0: no answer.
    private readonly long[] _classes = new long[6];
    private long _retries, _budgetSpent, _mirrors, _delays, _aborts, _limited;

    internal long Retries => Volatile.Read(ref _retries);

    internal long BudgetSpent => Volatile.Read(ref _budgetSpent);

    internal long Mirrors => Volatile.Read(ref _mirrors);

    internal long Delays => Volatile.Read(ref _delays);

    internal long Aborts => Volatile.Read(ref _aborts);

    internal long RateLimited => Volatile.Read(ref _limited);

    internal long OfClass(int digit) => Volatile.Read(ref _classes[digit]);

    internal void Count(RequestRecord record)
    {
        Interlocked.Increment(ref _classes[record.Status is >= 100 and < 600 ? record.Status / 100 : 0]);
        if (record.Attempts > 1)
        {
            Interlocked.Add(ref _retries, record.Attempts - 1);
        }

        if (record.RetryBudgetSpent)
        {
            Interlocked.Increment(ref _budgetSpent);
        }

        if (record.Mirrors > 0)
        {
            Interlocked.Add(ref _mirrors, record.Mirrors);
        }

        const ResponseFlags counted = ResponseFlags.DelayInjected | ResponseFlags.FaultInjected | ResponseFlags.RateLimited;
        if ((record.Flags & counted) != 0)
        {
            CountFlags(record.Flags);
        }
    }

    private void CountFlags(ResponseFlags flags)
    {
        Interlocked.Add(ref _delays, (flags & ResponseFlags.DelayInjected) != 0 ? 1 : 0);
        Interlocked.Add(ref _aborts, (flags & ResponseFlags.FaultInjected) != 0 ? 1 : 0);
        Interlocked.Add(ref _limited, (flags & ResponseFlags.RateLimited) != 0 ? 1 : 0);
    }
}
