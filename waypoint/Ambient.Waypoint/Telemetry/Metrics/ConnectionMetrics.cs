using System.Collections.Concurrent;
using Ambient.Core.Identity;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Proxy.Telemetry;

namespace Ambient.Waypoint.Telemetry.Metrics;

/// <summary>Istio's metrics of connections, for those that are passed on without being read. Series are bounded; what is beyond counts as unknown.</summary>
internal sealed class ConnectionMetrics
{
    private const int MaxSeries = 2_000;

    private readonly ConcurrentDictionary<Key, ConnectionSeries> _series = [];
    private readonly Parties _parties = new();
    private readonly ServiceNames _services = new();

    private readonly record struct Key(Party Source, Party Destination, ServiceName Service, bool MutualTls, bool IsGateway)
    {
        internal static Key Unknown { get; } = new(Party.Unknown, Party.Unknown, ServiceName.Unknown, false, false);
    }

    /// <param name="endpoint">Null when none was reached.</param>
    /// <param name="isGateway">Came by a listener of a gateway.</param>
    internal ConnectionSeries Of(Workload? source, SpiffeId? caller, MeshService? service, Workload? endpoint, bool isGateway = false)
    {
        bool tunnelled = endpoint is { TunnelProtocol: TunnelProtocol.Hbone };
        var key = new Key(_parties.Of(source, caller), _parties.Of(endpoint, tunnelled ? endpoint!.Identity : null), _services.Of(service), caller is not null, isGateway);
        return _series.TryGetValue(key, out ConnectionSeries? known) ? known
            : _series.GetOrAdd(_series.Count >= MaxSeries ? Key.Unknown : key, static _ => new ConnectionSeries());
    }

    internal void Render(PrometheusText text)
    {
        (string Labels, ConnectionSeries Series)[] all = [.. _series.Select(static s => (Labels(s.Key), s.Value))];
        Counter(text, all, "istio_tcp_connections_opened_total", "Connections opened.", static s => s.Opened);
        Counter(text, all, "istio_tcp_connections_closed_total", "Connections closed.", static s => s.Closed);
        Counter(text, all, "istio_tcp_connections_failed_total", "Connections that failed or were denied.", static s => s.Failed);
        Counter(text, all, "istio_tcp_sent_bytes_total", "Response bytes.", static s => s.Sent);
        Counter(text, all, "istio_tcp_received_bytes_total", "Request bytes.", static s => s.Received);
    }

    private static void Counter(PrometheusText text, (string Labels, ConnectionSeries Series)[] all, string name, string help, Func<ConnectionSeries, long> value)
    {
        text.Family(name, "counter", help);
        foreach ((string labels, ConnectionSeries series) in all)
        {
            text.Sample(name, labels, value(series));
        }
    }

    private static string Labels(Key key) => PrometheusText.Labels(
        [.. SeriesLabels.Parties(key.IsGateway ? "source" : "waypoint", key.Source, key.Destination, key.Service),
            ("request_protocol", "tcp"), ("response_flags", "-"), ("connection_security_policy", key.MutualTls ? "mutual_tls" : key.IsGateway ? "unknown" : "none")]);
}
