using System.Text.Json.Nodes;
using Ambient.Compile.Routes.Reading;
using Ambient.Core.Routes;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>A backend's policy in the words of a DestinationRule, and of a BackendPolicy where that has none; what is the default is left out.</summary>
internal static class TrafficPolicyJson
{
    public static JsonObject Of(TrafficPolicy policy)
    {
        JsonObject json = new()
        {
            ["loadBalancer"] = Of(policy.LoadBalancer),
            ["connectionPool"] = Of(policy.ConnectionPool),
            ["outlierDetection"] = policy.OutlierDetection is { } outlier ? OutlierJson.Of(outlier) : null,
            ["tls"] = policy.Tls is { } tls ? Of(tls) : null,
        };
        if (policy.HealthCheck is { } check)
        {
            json["healthCheck"] = Of(check);
        }

        if (policy.PanicThreshold > 0)
        {
            json["panicThreshold"] = policy.PanicThreshold;
        }

        return json;
    }

    public static string Duration(TimeSpan duration) => GoDuration.Format(duration);

    private static JsonObject Of(LoadBalancer lb)
    {
        JsonObject json = lb.HashKey is { } key
            ? new JsonObject { ["consistentHash"] = Of(lb, key) }
            : new JsonObject
            {
                ["simple"] = lb.Kind switch
                {
                    LoadBalancerKind.LeastRequest => "LEAST_REQUEST",
                    LoadBalancerKind.RoundRobin => "ROUND_ROBIN",
                    LoadBalancerKind.Random => "RANDOM",
                    LoadBalancerKind.Passthrough => "PASSTHROUGH",
                    _ => "PEAK_EWMA",
                },
            };
        if (lb.Locality is { } locality)
        {
            json["localityLbSetting"] = Of(locality);
        }

        if (lb.Warmup is { } warmup)
        {
            json["warmup"] = new JsonObject { ["duration"] = Duration(warmup.Duration), ["minimumPercent"] = warmup.MinPercent, ["aggression"] = warmup.Aggression };
        }

        return json;
    }

    private static JsonObject Of(LocalityPolicy locality)
    {
        JsonObject json = new() { ["enabled"] = locality.Enabled };
        if (!locality.Distribute.IsEmpty)
        {
            json["distribute"] = new JsonArray([.. locality.Distribute.Select(d => new JsonObject
            {
                ["from"] = d.From,
                ["to"] = new JsonObject(d.To.Select(t => KeyValuePair.Create(t.Key, (JsonNode?)JsonValue.Create(t.Value)))),
            })]);
        }

        if (!locality.Failover.IsEmpty)
        {
            json["failover"] = new JsonArray([.. locality.Failover.Select(f => new JsonObject { ["from"] = f.From, ["to"] = f.To })]);
        }

        if (!locality.FailoverPriority.IsEmpty)
        {
            json["failoverPriority"] = RuleJson.List(locality.FailoverPriority);
        }

        return json;
    }

    private static JsonObject Of(LoadBalancer lb, HashKey key)
    {
        JsonObject json = key.Kind switch
        {
            HashKeyKind.Header => new JsonObject { ["httpHeaderName"] = key.Name },
            HashKeyKind.Cookie => new JsonObject
            {
                ["httpCookie"] = new JsonObject { ["name"] = key.Name, ["path"] = key.CookiePath, ["ttl"] = key.CookieTtl is { } ttl ? Duration(ttl) : null },
            },
            HashKeyKind.SourceAddress => new JsonObject { ["useSourceIp"] = true },
            _ => new JsonObject { ["httpQueryParameterName"] = key.Name },
        };
        if (lb.Kind == LoadBalancerKind.Maglev)
        {
            json["maglev"] = new JsonObject { ["tableSize"] = lb.TableSize };
        }
        else
        {
            json["ringHash"] = new JsonObject { ["minimumRingSize"] = lb.MinRingSize };
        }

        return json;
    }

    private static JsonObject Of(ConnectionPool pool)
    {
        ConnectionPool none = ConnectionPool.Default;
        JsonObject tcp = [];
        Add(tcp, "maxConnections", pool.MaxConnections, none.MaxConnections);
        Add(tcp, "connectTimeout", pool.ConnectTimeout, none.ConnectTimeout);
        Add(tcp, "idleTimeout", pool.TcpIdleTimeout, none.TcpIdleTimeout);
        Add(tcp, "maxConnectionDuration", pool.MaxConnectionDuration ?? TimeSpan.Zero, TimeSpan.Zero);
        JsonObject http = [];
        Add(http, "http1MaxPendingRequests", pool.MaxPendingRequests, none.MaxPendingRequests);
        Add(http, "http2MaxRequests", pool.MaxRequests, none.MaxRequests);
        Add(http, "maxRequestsPerConnection", pool.MaxRequestsPerConnection, none.MaxRequestsPerConnection);
        Add(http, "maxRetries", pool.MaxRetries, none.MaxRetries);
        Add(http, "maxConcurrentStreams", pool.MaxConcurrentStreams, none.MaxConcurrentStreams);
        Add(http, "idleTimeout", pool.HttpIdleTimeout, none.HttpIdleTimeout);
        if (pool.KeepAlive is { } alive)
        {
            tcp["tcpKeepalive"] = new JsonObject
            {
                ["probes"] = alive.Probes,
                ["time"] = alive.Time is { } time ? Duration(time) : null,
                ["interval"] = alive.Interval is { } interval ? Duration(interval) : null,
            };
        }

        if (pool.Protocol is UpstreamProtocol.Http2 or UpstreamProtocol.Http11)
        {
            http["h2UpgradePolicy"] = pool.Protocol == UpstreamProtocol.Http2 ? "UPGRADE" : "DO_NOT_UPGRADE";
        }
        else if (pool.Protocol == UpstreamProtocol.AsClient)
        {
            http["useClientProtocol"] = true;
        }

        return new JsonObject { ["tcp"] = tcp.Count > 0 ? tcp : null, ["http"] = http.Count > 0 ? http : null };
    }

    private static JsonObject Of(HealthCheck check) => new()
    {
        ["path"] = check.Path,
        ["interval"] = Duration(check.Interval),
        ["timeout"] = Duration(check.Timeout),
        ["healthyThreshold"] = check.HealthyThreshold,
        ["unhealthyThreshold"] = check.UnhealthyThreshold,
    };

    private static JsonObject Of(UpstreamTls tls) => new()
    {
        ["mode"] = tls.Mode switch
        {
            UpstreamTlsMode.Disable => "DISABLE",
            UpstreamTlsMode.Simple => "SIMPLE",
            UpstreamTlsMode.Mutual => "MUTUAL",
            _ => "ISTIO_MUTUAL",
        },
        ["sni"] = tls.ServerName,
        ["subjectAltNames"] = new JsonArray([.. tls.SubjectAltNames.Select(n => JsonValue.Create(n))]),
        ["credentialName"] = tls.Credential,
        ["insecureSkipVerify"] = tls.SkipVerification,
        ["refused"] = tls.Invalid,
    };

    private static void Add(JsonObject json, string name, uint value, uint none)
    {
        if (value != none)
        {
            json[name] = value;
        }
    }

    private static void Add(JsonObject json, string name, TimeSpan value, TimeSpan none)
    {
        if (value != none)
        {
            json[name] = Duration(value);
        }
    }
}
