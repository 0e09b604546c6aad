using System.Collections.Immutable;
using System.Globalization;
using Ambient.Proxy.Telemetry;

namespace Ambient.Waypoint.Telemetry.Metrics;

/// <summary>Counts of values by upper bound, with the buckets that Istio's proxies have for every histogram. Any thread.</summary>
internal sealed class ValueHistogram
{
    private static readonly ImmutableArray<double> s_bounds =
        [0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000];

    private static readonly ImmutableArray<string> s_labels =
        [.. s_bounds.Select(static b => PrometheusText.Labels(("le", b.ToString(CultureInfo.InvariantCulture)))), PrometheusText.Labels(("le", "+Inf"))];

    private readonly long[] _counts = new long[s_bounds.Length + 1];

    // In thousandths.
    private long _sum;

    internal long Count
    {
        get
        {
            long count = 0;
            foreach (ref long part in _counts.AsSpan())
            {
                count += Volatile.Read(ref part);
            }

            return count;
        }
    }

    internal void Observe(double value)
    {
        int i = 0;
        while (i < s_bounds.Length && value > s_bounds[i])
        {
            i++;
        }

        Interlocked.Increment(ref _counts[i]);
        Interlocked.Add(ref _sum, (long)(value * 1_000));
    }

    internal void Add(ValueHistogram other)
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            Interlocked.Add(ref _counts[i], Volatile.Read(ref other._counts[i]));
        }

        Interlocked.Add(ref _sum, Volatile.Read(ref other._sum));
    }

    /// <param name="labels">In the form <c>a="b"</c>; may be empty.</param>
    internal void Render(PrometheusText text, string name, string labels)
    {
        string bucket = name + "_bucket";
        string before = labels.Length > 0 ? labels + "," : "";
        long sum = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            sum += Volatile.Read(ref _counts[i]);
            text.Sample(bucket, before + s_labels[i], sum);
        }

        text.Sample(name + "_sum", labels, Volatile.Read(ref _sum) / 1_000d);
        text.Sample(name + "_count", labels, sum);
    }
}
