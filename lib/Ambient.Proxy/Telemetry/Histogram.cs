using System.Collections.Immutable;
using System.Globalization;

namespace Ambient.Proxy.Telemetry;

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

    /// <param name="text">The family has been written.</param>
    /// <param name="name">Of the family.</param>
    /// <param name="labels">In the form <c>a="b"</c>, not empty.</param>
    internal void Render(PrometheusText text, string name, string labels)
    {
        long sum = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            sum += Volatile.Read(ref _counts[i]);
            string bound = i < bounds.Length ? bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
            text.Sample(name + "_bucket", $"{labels},{PrometheusText.Labels(("le", bound))}", sum);
        }

        text.Sample(name + "_sum", labels, TimeSpan.FromTicks(Volatile.Read(ref _ticks)).TotalSeconds);
        text.Sample(name + "_count", labels, sum);
    }
}
