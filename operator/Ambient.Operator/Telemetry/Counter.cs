namespace Ambient.Operator.Telemetry;

/// <summary>Only goes up. Safe for use from many threads.</summary>
internal sealed class Counter
{
    private long _value;

    public long Value => Volatile.Read(ref _value);

    public void Add(long n = 1) => Interlocked.Add(ref _value, n);
}
