using System.Collections.Concurrent;
using Ambient.Proxy.Telemetry;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>Counters of the DNS proxy (reference 5.1). Series are bounded; what is beyond counts as unknown.</summary>
internal sealed class DnsMetrics
{
    private const int MaxSeries = 2_000;

    private readonly ConcurrentDictionary<DnsLabels, DnsSeries> _series = [];
    private readonly DnsSeries _overflow = new();

    internal DnsSeries Series(DnsLabels labels)
    {
        DnsLabels bounded = labels.Bounded();
        return _series.TryGetValue(bounded, out DnsSeries? series) ? series
            : _series.Count >= MaxSeries ? _overflow
            : _series.GetOrAdd(bounded, static _ => new DnsSeries());
    }

    internal void Render(PrometheusText text)
    {
        (string Labels, DnsSeries Series)[] all = [.. _series.Select(p => (p.Key.Text(), p.Value)), .. Overflow()];
        Counter(text, all, "istio_dns_requests_total", "DNS queries of applications.", s => s.Requests);
        Counter(text, all, "istio_dns_upstream_requests_total", "DNS queries forwarded to the pod's nameservers.", s => s.Upstream);
        Counter(text, all, "istio_dns_upstream_failures_total", "Forwarded DNS queries without an answer.", s => s.UpstreamFailures);
        const string duration = "istio_dns_upstream_request_duration_seconds";
        text.Family(duration, "histogram", "Time until the pod's nameserver answered.");
        foreach ((string labels, DnsSeries series) in all)
        {
            if (series.Upstream > 0)
            {
                series.Duration.Render(text, duration, labels);
            }
        }
    }

    private IEnumerable<(string, DnsSeries)> Overflow() => _overflow.Requests > 0 ? [(new DnsLabels(0, false, "overflow", "").Text(), _overflow)] : [];

    private static void Counter(
        PrometheusText text, (string Labels, DnsSeries Series)[] all, string name, string help, Func<DnsSeries, long> value)
    {
        text.Family(name, "counter", help);
        foreach ((string labels, DnsSeries series) in all)
        {
            if (value(series) is > 0 and var count)
            {
                text.Sample(name, labels, count);
            }
        }
    }
}
