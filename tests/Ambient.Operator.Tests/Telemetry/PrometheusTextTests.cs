using Ambient.Operator.Telemetry;

namespace Ambient.Operator.Tests.Telemetry;

public sealed class PrometheusTextTests
{
    [Fact]
    public void Sample_Labels_AreEscaped() => Assert.Equal(
        "# HELP a h\n# TYPE a gauge\na{x=\"q\\\"\\\\\\n\"} 1.5\n",
        new PrometheusText().Family("a", "gauge", "h").Sample("a", 1.5, ("x", "q\"\\\n")).ToString());

    [Fact]
    public void Histogram_Buckets_AreCumulative()
    {
        var histogram = new Histogram();
        histogram.Observe(0.001);
        histogram.Observe(0.004);
        histogram.Observe(100);
        string text = new PrometheusText().Histogram("t", "h", histogram).ToString();
        Assert.Contains("t_bucket{le=\"0.001\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("t_bucket{le=\"0.0025\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("t_bucket{le=\"0.005\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("t_bucket{le=\"10\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("t_bucket{le=\"+Inf\"} 3\n", text, StringComparison.Ordinal);
        Assert.Contains("t_count 3\n", text, StringComparison.Ordinal);
    }
}
