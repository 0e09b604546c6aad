using System.Globalization;
using Ambient.Proxy.Telemetry;
using Ambient.Waypoint.Listening.Gateways.Datagrams;

namespace Ambient.Waypoint.Telemetry.Metrics;

/// <summary>UDP ports of a gateway (docs/metrics.md). A gateway without any has none of these families.</summary>
internal static class DatagramMetrics
{
    internal static void Render(PrometheusText text, IReadOnlyList<DatagramSocket> sockets)
    {
        if (sockets.Count == 0)
        {
            return;
        }

        text.Family("ambient_gateway_datagram_sessions", "gauge", "Clients of a UDP port that have an endpoint.");
        foreach (DatagramSocket socket in sockets)
        {
            text.Sample("ambient_gateway_datagram_sessions", PrometheusText.Labels(("port", Text(socket.Port))), socket.Sessions);
        }

        text.Family("ambient_gateway_datagrams_total", "counter", "Datagrams of a UDP port: from clients, and answers to them.");
        foreach (DatagramSocket socket in sockets)
        {
            text.Sample("ambient_gateway_datagrams_total", PrometheusText.Labels(("port", Text(socket.Port)), ("from", "client")), Interlocked.Read(ref socket.Counts.Received));
            text.Sample("ambient_gateway_datagrams_total", PrometheusText.Labels(("port", Text(socket.Port)), ("from", "endpoint")), Interlocked.Read(ref socket.Counts.Answered));
        }

        text.Family("ambient_gateway_datagrams_dropped_total", "counter", "Datagrams of a UDP port that went nowhere: full (no room for a session), refused (policy, routes, endpoints), lost (not taken by the system).");
        foreach (DatagramSocket socket in sockets)
        {
            text.Sample("ambient_gateway_datagrams_dropped_total", PrometheusText.Labels(("port", Text(socket.Port)), ("reason", "full")), Interlocked.Read(ref socket.Counts.Full));
            text.Sample("ambient_gateway_datagrams_dropped_total", PrometheusText.Labels(("port", Text(socket.Port)), ("reason", "refused")), Interlocked.Read(ref socket.Counts.Refused));
            text.Sample("ambient_gateway_datagrams_dropped_total", PrometheusText.Labels(("port", Text(socket.Port)), ("reason", "lost")), Interlocked.Read(ref socket.Counts.Lost));
        }
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
