namespace Ambient.Operator.Telemetry;

/// <summary>Seconds in buckets, as Prometheus counts them. Safe for use from many threads.</summary>
internal sealed class Histogram
{
    public static readonly double[] Bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Lock _lock = new();
    private readonly long[] _counts = new long[Bounds.Length + 1];
    private double _sum;

    public void Observe(double seconds)
    {
        int bucket = Array.BinarySearch(Bounds, seconds);
        lock (_lock)
        {
            _counts[bucket < 0 ? ~bucket : bucket]++;
            _sum += seconds;
        }
    }

    /// <summary>A count a bound, the last for all above; not cumulative.</summary>
    public (long[] Counts, double Sum) Read()
    {
        lock (_lock)
        {
            return ([.. _counts], _sum);
        }
    }
}
