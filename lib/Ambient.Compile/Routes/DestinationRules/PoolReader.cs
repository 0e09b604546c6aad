using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.DestinationRules;

/// <summary>ConnectionPoolSettings.</summary>
internal static class PoolReader
{
    public static ConnectionPool? Read(JsonView pool)
    {
        if (!pool.Exists)
        {
            return null;
        }

        var tcp = pool["tcp"];
        var http = pool["http"];
        var none = ConnectionPool.Default;
        return new ConnectionPool
        {
            MaxConnections = tcp.Limit("maxConnections", none.MaxConnections),
            ConnectTimeout = tcp.Duration("connectTimeout") is { Ticks: > 0 } connect ? connect : none.ConnectTimeout,
            TcpIdleTimeout = tcp.Duration("idleTimeout") ?? none.TcpIdleTimeout,
            MaxConnectionDuration = tcp.Duration("maxConnectionDuration"),
            KeepAlive = KeepAlive(tcp["tcpKeepalive"]),
            MaxPendingRequests = http.Limit("http1MaxPendingRequests", none.MaxPendingRequests),
            MaxRequests = http.Limit("http2MaxRequests", none.MaxRequests),
            MaxRequestsPerConnection = http.Limit("maxRequestsPerConnection", none.MaxRequestsPerConnection),
            MaxRetries = http.Limit("maxRetries", none.MaxRetries),
            HttpIdleTimeout = http.Duration("idleTimeout") ?? none.HttpIdleTimeout,
            MaxConcurrentStreams = http.Limit("maxConcurrentStreams", none.MaxConcurrentStreams),
            Protocol = http.Flag("useClientProtocol") ? UpstreamProtocol.AsClient : Upgrade(http),
        };
    }

    private static UpstreamProtocol Upgrade(JsonView http) => http.Text("h2UpgradePolicy") switch
    {
        "" or "DEFAULT" => UpstreamProtocol.FromPort,
        "UPGRADE" => UpstreamProtocol.Http2,
        "DO_NOT_UPGRADE" => UpstreamProtocol.Http11,
        var other => throw new FieldException($"{http.Path}.h2UpgradePolicy", $"'{RouteFields.Shortened(other)}' is not one of DEFAULT, UPGRADE, DO_NOT_UPGRADE"),
    };

    private static TcpKeepAlive? KeepAlive(JsonView k) => !k.Exists ? null
        : new TcpKeepAlive(k["probes"].Exists ? k.Whole("probes", 0, int.MaxValue, 0) : null, k.Duration("time"), k.Duration("interval"));
}
