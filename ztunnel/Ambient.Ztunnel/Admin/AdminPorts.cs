using System.Net;
using System.Net.Sockets;
using Ambient.Proxy.Admin;
using Ambient.Proxy.Hosting;
using Ambient.Ztunnel.Hosting;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Admin;

/// <summary>15000 on loopback for people, 15020 for scrapers, 15021 for probes.</summary>
internal sealed class AdminPorts(NodeParts parts, LineLogger loggers, Readiness readiness) : IAsyncDisposable
{
    private readonly ConfigDump _dump = new(parts.Context, parts.Pods, parts.Svids, () => parts.Source.Connected);
    private readonly MetricsPage _metrics = new(parts);
    private TinyHttp[] _ports = [];

    internal void Start()
    {
        ZtunnelConfig config = parts.Context.Config;
        TimeProvider time = parts.Context.Time;
        _ports =
        [
            new TinyHttp(new IPEndPoint(IPAddress.Loopback, config.AdminPort), Admin, time),
            .. OnLoopback6(config.AdminPort, time),
            new TinyHttp(new IPEndPoint(Anywhere, config.MetricsPort), Metrics, time),
            new TinyHttp(new IPEndPoint(Anywhere, config.ReadinessPort), Ready, time),
        ];
    }

    // Both families where the kernel has both.
    private static IPAddress Anywhere => Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;

    private TinyHttp[] OnLoopback6(int port, TimeProvider time)
    {
        try
        {
            return Socket.OSSupportsIPv6 ? [new TinyHttp(new IPEndPoint(IPAddress.IPv6Loopback, port), Admin, time)] : [];
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            // IPv6 is switched off on loopback.
            return [];
        }
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
        "/config_dump" => _dump.Answer(),
        "/logging" => Logging(request),
        "/metrics" or "/stats/prometheus" => Metrics(request),
        "/healthz/ready" => readiness.Answer(),
        "/" => AdminReply.Text(200, "/config_dump\n/healthz/ready\n/logging?level=trace|debug|information|warning|error\n/metrics"),
        _ => AdminReply.Text(404, "not found"),
    };

    private AdminReply Metrics(AdminRequest request) => request.Path is "/metrics" or "/stats/prometheus"
        ? _metrics.Answer(request.Accept)
        : AdminReply.Text(404, "not found");

    private AdminReply Ready(AdminRequest request) =>
        request.Path == "/healthz/ready" ? readiness.Answer() : AdminReply.Text(404, "not found");

    private AdminReply Logging(AdminRequest request)
    {
        if (request is { Method: "POST" or "PUT", Query: ['l', 'e', 'v', 'e', 'l', '=', .. var wanted] })
        {
            if (wanted.Length == 0 || char.IsAsciiDigit(wanted[0]) || !Enum.TryParse(wanted, ignoreCase: true, out LogLevel level))
            {
                return AdminReply.Text(400, $"'{wanted}' is no level: trace, debug, information, warning, error");
            }

            loggers.Level = level;
        }

        return AdminReply.Text(200, $"current log level is {loggers.Level}");
    }
}
