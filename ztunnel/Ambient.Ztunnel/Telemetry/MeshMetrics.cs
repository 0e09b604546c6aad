using System.Collections.Concurrent;
using System.Globalization;
using Ambient.Policy;
using Ambient.Proxy.Telemetry;
using Ambient.Ztunnel.Connections;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>
/// Counters of the node. A connection looks its series up once; series are bounded, what is beyond goes to one without labels.
/// </summary>
internal sealed class MeshMetrics
{
    private const int MaxSeries = 10_000;

    private readonly ConcurrentDictionary<TcpLabels, TcpSeries> _tcp = [];
    private readonly ConcurrentDictionary<DenialLabels, long> _denials = [];
    private readonly TcpSeries _overflow = new();

    internal DnsMetrics Dns { get; } = new();

    internal NodeCounters Node { get; } = new();

    internal void Opened(TrackedConnection c)
    {
        c.Series = Series(TcpLabels.Of(c));
        c.Series.CountOpened();
    }

    /// <summary>Bytes since the last time; for open connections whenever somebody looks, for closed ones at the end.</summary>
    internal static void Flush(TrackedConnection c)
    {
        if (c.Series is { } series)
        {
            (long fromApp, long toApp) = c.TakeBytes();
            bool outbound = c.Direction == Direction.Outbound;
            series.CountBytes(sent: outbound ? toApp : fromApp, received: outbound ? fromApp : toApp);
        }
    }

    internal void Closed(TrackedConnection c)
    {
        Flush(c);
        if (c.Series is { } series)
        {
            (c.Flags == ResponseFlags.None ? series : Series(TcpLabels.Of(c))).CountClosed();
        }

        if (c.Flags != ResponseFlags.None)
        {
            Series(TcpLabels.Of(c)).CountFailed();
        }

        if (c.Policy is { Allowed: false } denial)
        {
            CountDenial(c, denial);
        }
    }

    internal string Render(IEnumerable<TrackedConnection> open)
    {
        var text = new PrometheusText();
        Render(text, open);
        return text.ToString();
    }

    internal void Render(PrometheusText text, IEnumerable<TrackedConnection> open)
    {
        int inbound = 0, outbound = 0;
        foreach (TrackedConnection c in open)
        {
            Flush(c);
            _ = c.Direction == Direction.Inbound ? inbound++ : outbound++;
        }

        RenderTcp(text);
        text.Family("istio_tcp_sockets_open", "gauge", "Connections of applications that are open now.")
            .Sample("istio_tcp_sockets_open", PrometheusText.Labels(("reporter", "source")), outbound)
            .Sample("istio_tcp_sockets_open", PrometheusText.Labels(("reporter", "destination")), inbound);
        text.Family("ambient_policy_denials_total", "counter", "Connections denied, by the policy and rule that decided.");
        foreach ((DenialLabels d, long count) in _denials)
        {
            text.Sample("ambient_policy_denials_total", PrometheusText.Labels(
                ("policy", d.Policy), ("policy_kind", d.PolicyKind), ("rule", d.Rule), ("kind", d.Kind),
                ("destination_workload", d.Workload), ("destination_workload_namespace", d.Namespace)), count);
        }

        Dns.Render(text);
        Node.Render(text);
    }

    private void RenderTcp(PrometheusText text)
    {
        Dictionary<string, TcpSeries> byText = [];
        foreach ((TcpLabels labels, TcpSeries series) in _tcp)
        {
            string key = TcpLabelText.Of(labels);
            byText.TryAdd(key, new TcpSeries());
            byText[key].Add(series);
        }

        if (_overflow.Opened > 0)
        {
            byText[""] = _overflow;
        }

        Family(text, byText, "istio_tcp_connections_opened_total", "Connections opened.", s => s.Opened);
        Family(text, byText, "istio_tcp_connections_closed_total", "Connections closed.", s => s.Closed);
        Family(text, byText, "istio_tcp_sent_bytes_total", "Response bytes.", s => s.Sent);
        Family(text, byText, "istio_tcp_received_bytes_total", "Request bytes.", s => s.Received);
        Family(text, byText, "istio_tcp_connections_failed_total", "Connections that failed or were denied.", s => s.Failed);
    }

    private static void Family(
        PrometheusText text, Dictionary<string, TcpSeries> series, string name, string help, Func<TcpSeries, long> value)
    {
        text.Family(name, "counter", help);
        foreach ((string labels, TcpSeries s) in series)
        {
            if (value(s) is > 0 and var v)
            {
                text.Sample(name, labels, v);
            }
        }
    }

    private TcpSeries Series(in TcpLabels labels)
    {
        if (_tcp.TryGetValue(labels, out TcpSeries? series))
        {
            return series;
        }

        // Bounded: what is beyond is counted without labels.
        if (_tcp.Count >= MaxSeries)
        {
            return _overflow;
        }

        return _tcp.GetOrAdd(labels, static _ => new TcpSeries());
    }

    private void CountDenial(TrackedConnection c, Decision denial)
    {
        var labels = new DenialLabels(
            denial.Origin is { } origin ? $"{origin.Namespace}/{origin.Name}" : denial.PolicyKey ?? "none",
            denial.Origin?.Kind ?? "none",
            denial.RuleIndex < 0 ? "none" : denial.RuleIndex.ToString(CultureInfo.InvariantCulture),
            denial.Kind == DecisionKind.Refused ? "refuse" : "deny",
            c.Local?.WorkloadName ?? "unknown",
            c.Local?.Namespace ?? "unknown");
        if (_denials.Count < MaxSeries || _denials.ContainsKey(labels))
        {
            _denials.AddOrUpdate(labels, 1, static (_, n) => n + 1);
        }
    }
}
