using Ambient.Proxy.Telemetry;
using Ambient.Waypoint.Requests.Limiting.Sharing;

namespace Ambient.Waypoint.Telemetry.Metrics;

/// <summary>Who decided about tokens that the replicas count together.</summary>
internal static class SharedLimitMetrics
{
    private const string Name = "ambient_rate_limit_shared_tokens_total";

    internal static void Render(PrometheusText text, SharedLimits limits)
    {
        var (own, asked, alone) = limits.Counts;
        text.Family(Name, "counter", "Tokens of shared rate limits by who decided: this replica for all, another one, or this one alone because that did not answer.");
        text.Sample(Name, PrometheusText.Labels(("decided", "here")), own);
        text.Sample(Name, PrometheusText.Labels(("decided", "replica")), asked);
        text.Sample(Name, PrometheusText.Labels(("decided", "alone")), alone);
    }
}
