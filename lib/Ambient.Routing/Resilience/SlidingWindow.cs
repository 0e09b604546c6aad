namespace Ambient.Routing.Resilience;

/// <summary>Two counts over the last while, in ten slots. Thread-safe.</summary>
internal sealed class SlidingWindow
{
    private const int Slots = 10;

    private readonly Lock _lock = new();
    private readonly long[] _first = new long[Slots];
    private readonly long[] _second = new long[Slots];
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly long _slotTicks;
    private long _current;

    public SlidingWindow(TimeSpan window, TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();
        _slotTicks = Math.Max(1, window.Ticks / Slots);
    }

    public void Add(long first, long second)
    {
        lock (_lock)
        {
            Advance();
            _first[_current % Slots] += first;
            _second[_current % Slots] += second;
        }
    }

    public (long First, long Second) Sum()
    {
        lock (_lock)
        {
            Advance();
            return (_first.Sum(), _second.Sum());
        }
    }

    /// <summary>Adds to the second count if it may grow given both sums, as one step.</summary>
    public bool TryAddSecond(Func<long, long, bool> may)
    {
        lock (_lock)
        {
            Advance();
            if (!may(_first.Sum(), _second.Sum()))
            {
                return false;
            }

            _second[_current % Slots]++;
            return true;
        }
    }

    private void Advance()
    {
        long now = _time.GetElapsedTime(_start).Ticks / _slotTicks;
        long from = Math.Max(_current + 1, now - Slots + 1);
        for (long slot = from; slot <= now; slot++)
        {
            _first[slot % Slots] = 0;
            _second[slot % Slots] = 0;
        }

        _current = Math.Max(_current, now);
    }
}
