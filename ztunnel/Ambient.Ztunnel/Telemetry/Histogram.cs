using System.Collections.Immutable;
using System.Globalization;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>Counts of durations in seconds by upper bound. Any thread.</summary>
internal sealed class Histogram(ImmutableArray<double> bounds)
{
    private readonly long[] _counts = new long[bounds.Length + 1];
    private long _ticks;

    internal void Observe(TimeSpan duration)
    {
        double seconds = duration.TotalSeconds;
        int i = 0;
        while (i < bounds.Length && seconds > bounds[i])
        {
            i++;
        }

        Interlocked.Increment(ref _counts[i]);
        Interlocked.Add(ref _ticks, duration.Ticks);
    }

    internal void Render(PrometheusText text, string name, string help)
    {
        text.Family(name, "histogram", help);
        long sum = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            sum += Volatile.Read(ref _counts[i]);
            string bound = i < bounds.Length ? bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
            text.Sample(name + "_bucket", PrometheusText.Labels(("le", bound)), sum);
        }

        text.Sample(name + "_sum", "", TimeSpan.FromTicks(Volatile.Read(ref _ticks)).TotalSeconds);
        text.Sample(name + "_count", "", sum);
    }
}
