using System.Net;
using System.Net.Sockets;
using Ambient.Proxy.Admin;
using Ambient.Waypoint.Hosting;

namespace Ambient.Waypoint.Admin;

/// <summary>15000 on loopback for people, 15020 for scrapers, 15021 for probes.</summary>
internal sealed class WaypointPorts(WaypointConfig config, WaypointReadiness readiness, MetricsPage metrics, ConfigDump dump, TimeProvider time) : IAsyncDisposable
{
    private TinyHttp[] _ports = [];

    internal void Start()
    {
        IPAddress anywhere = config.BindAddress ?? (Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any);
        _ports =
        [
            new TinyHttp(new IPEndPoint(config.BindAddress ?? IPAddress.Loopback, config.AdminPort), Admin, time),
            new TinyHttp(new IPEndPoint(anywhere, config.MetricsPort), metrics.Answer, time),
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
        "/metrics" or "/stats/prometheus" => metrics.Answer(request),
        "/healthz/ready" => readiness.Answer(),
        "/config_dump" => dump.Answer(),
        "/" => AdminReply.Text(200, "/config_dump\n/healthz/ready\n/metrics"),
        _ => AdminReply.Text(404, "not found"),
    };

    private AdminReply Ready(AdminRequest request) =>
        request.Path == "/healthz/ready" ? readiness.Answer() : AdminReply.Text(404, "not found");
}
