using Ambient.Identity.Renewal;
using Ambient.Proxy.Admin;
using Ambient.Proxy.Telemetry;
using Ambient.Ztunnel.Hosting;

namespace Ambient.Ztunnel.Admin;

/// <summary>All metrics (reference 5.1), as the scraper likes them.</summary>
internal sealed class MetricsPage(NodeParts parts)
{
    internal AdminReply Answer(string accept)
    {
        var text = new PrometheusText(HeaderList.Takes(accept, "application/openmetrics-text"));
        parts.Context.Metrics.Render(text, parts.Pods.OpenConnections);
        Discovery(text);
        Certificates(text);
        ProcessMetrics.Render(text);
        return new AdminReply(200, text.ContentType, text.ToString());
    }

    private void Discovery(PrometheusText text)
    {
        text.Family("ambient_xds_connected", "gauge", "1 while the control plane is heard.")
            .Sample("ambient_xds_connected", "", parts.Source.Connected ? 1 : 0);
        if (parts.Source.Counters is not { } counters)
        {
            return;
        }

        text.Family("istio_xds_connection_terminations_total", "counter", "Streams to the control plane that ended.");
        foreach ((string reason, long count) in counters.Terminations)
        {
            text.Sample("istio_xds_connection_terminations_total", PrometheusText.Labels(("reason", reason)), count);
        }

        text.Family("istio_xds_message_total", "counter", "Messages of the control plane.");
        foreach ((string url, (long count, _)) in counters.Messages)
        {
            text.Sample("istio_xds_message_total", PrometheusText.Labels(("url", url)), count);
        }

        text.Family("istio_xds_message_bytes_total", "counter", "Bytes of those messages.");
        foreach ((string url, (_, long bytes)) in counters.Messages)
        {
            text.Sample("istio_xds_message_bytes_total", PrometheusText.Labels(("url", url)), bytes);
        }
    }

    private void Certificates(PrometheusText text)
    {
        IReadOnlyList<SvidStatus> status = parts.Svids.Status;
        text.Family("ambient_certificate_expiration_timestamp_seconds", "gauge", "When the certificate of an identity expires, in seconds since 1970.");
        foreach (SvidStatus s in status)
        {
            if (s.NotAfter is { } end)
            {
                text.Sample("ambient_certificate_expiration_timestamp_seconds", PrometheusText.Labels(("principal", s.Id.ToString())), end.ToUnixTimeSeconds());
            }
        }

        text.Family("ambient_certificates_missing", "gauge", "Identities without a valid certificate.")
            .Sample("ambient_certificates_missing", "", status.Count(s => s.State != SvidState.Available));
        text.Family("ambient_certificate_fetch_failures_total", "counter", "Attempts to get or renew a certificate that failed.")
            .Sample("ambient_certificate_fetch_failures_total", "", parts.Svids.FailedFetches);
    }
}
