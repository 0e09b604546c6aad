namespace Ambient.Ztunnel.Telemetry;

/// <summary>Counters of the DNS proxy (reference 5.1).</summary>
internal sealed class DnsMetrics
{
    private long _udp, _tcp, _upstream, _failures;
    private readonly Histogram _duration = new([.0005, .001, .01, .1, 1, 5]);

    internal void Request(bool tcp) => Interlocked.Increment(ref tcp ? ref _tcp : ref _udp);

    internal void Upstream() => Interlocked.Increment(ref _upstream);

    internal void UpstreamFailed() => Interlocked.Increment(ref _failures);

    internal void UpstreamTook(TimeSpan duration) => _duration.Observe(duration);

    internal void Render(PrometheusText text)
    {
        text.Family("istio_dns_requests_total", "counter", "DNS queries of applications.")
            .Sample("istio_dns_requests_total", PrometheusText.Labels(("request_protocol", "udp")), Volatile.Read(ref _udp))
            .Sample("istio_dns_requests_total", PrometheusText.Labels(("request_protocol", "tcp")), Volatile.Read(ref _tcp));
        text.Family("istio_dns_upstream_requests_total", "counter", "DNS queries forwarded to the pod's nameservers.")
            .Sample("istio_dns_upstream_requests_total", "", Volatile.Read(ref _upstream));
        text.Family("istio_dns_upstream_failures_total", "counter", "Forwarded DNS queries without an answer.")
            .Sample("istio_dns_upstream_failures_total", "", Volatile.Read(ref _failures));
        _duration.Render(text, "istio_dns_upstream_request_duration_seconds", "Time until the pod's nameserver answered.");
    }
}
