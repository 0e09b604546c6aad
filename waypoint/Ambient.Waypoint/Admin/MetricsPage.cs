using System.Reflection;
using Ambient.Proxy.Admin;
using Ambient.Proxy.Telemetry;

namespace Ambient.Waypoint.Admin;

/// <summary>What a scrape gets (docs/metrics.md).</summary>
/// <param name="parts">Each writes its families.</param>
internal sealed class MetricsPage(params IReadOnlyList<Action<PrometheusText>> parts)
{
    internal static string Version { get; } =
        typeof(MetricsPage).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    internal AdminReply Answer(AdminRequest request)
    {
        if (request.Path is not ("/metrics" or "/stats/prometheus"))
        {
            return AdminReply.Text(404, "not found");
        }

        var text = new PrometheusText(HeaderList.Takes(request.Accept, "application/openmetrics-text"));
        foreach (Action<PrometheusText> part in parts)
        {
            part(text);
        }

        ProcessMetrics.Render(text);
        text.Family("istio_build", "gauge", "Version of this proxy.")
            .Sample("istio_build", PrometheusText.Labels(("component", "waypoint"), ("tag", Version)), 1);
        return new AdminReply(200, text.ContentType, text.ToString());
    }
}
