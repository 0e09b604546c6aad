using System.Net;
using System.Net.Sockets;
using Ambient.Proxy.Admin;
using Ambient.Proxy.Telemetry;
using Ambient.Waypoint.Hosting;

namespace Ambient.Waypoint.Admin;

/// <summary>15000 on loopback for people, 15020 for scrapers, 15021 for probes.</summary>
internal sealed class WaypointPorts(WaypointConfig config, WaypointReadiness readiness, TimeProvider time) : IAsyncDisposable
{
    private TinyHttp[] _ports = [];

    internal void Start()
    {
        IPAddress anywhere = config.BindAddress ?? (Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any);
        _ports =
        [
            new TinyHttp(new IPEndPoint(config.BindAddress ?? IPAddress.Loopback, config.AdminPort), Admin, time),
            new TinyHttp(new IPEndPoint(anywhere, config.MetricsPort), Metrics, time),
            new TinyHttp(new IPEndPoint(anywhere, config.ReadinessPort), Ready, time),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (TinyHttp port in Interlocked.Exchange(ref _ports, []))
        {
            await port.DisposeAsync();
        }
    }

    private AdminReply Admin(AdminRequest request) => request.Path switch
    {
        "/metrics" or "/stats/prometheus" => Metrics(request),
        "/healthz/ready" => readiness.Answer(),
        "/" => AdminReply.Text(200, "/healthz/ready\n/metrics"),
        _ => AdminReply.Text(404, "not found"),
    };

    private static AdminReply Metrics(AdminRequest request)
    {
        if (request.Path is not ("/metrics" or "/stats/prometheus"))
        {
            return AdminReply.Text(404, "not found");
        }

        var text = new PrometheusText(HeaderList.Takes(request.Accept, "application/openmetrics-text"));
        ProcessMetrics.Render(text);
        return new AdminReply(200, text.ContentType, text.ToString());
    }

    private AdminReply Ready(AdminRequest request) =>
        request.Path == "/healthz/ready" ? readiness.Answer() : AdminReply.Text(404, "not found");
}
