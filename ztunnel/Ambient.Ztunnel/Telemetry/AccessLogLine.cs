using System.Globalization;
using System.Text;
using System.Text.Json;
using Ambient.Core.Identity;
using Ambient.Core.Workloads;
using Ambient.Policy;
using Ambient.Proxy.Telemetry;
using Ambient.Ztunnel.Connections;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>The fields of an access log line in their order (reference 5.2), as text or JSON; absent ones are left out.</summary>
internal static class AccessLogLine
{
    internal static string Text(TrackedConnection c, TimeSpan duration, DateTimeOffset now)
    {
        var text = new StringBuilder();
        text.Append(now.ToString("O", CultureInfo.InvariantCulture)).Append(' ').Append(Level(c)).Append(" access ").Append(Message(c));
        foreach ((string name, string value) in Fields(c, duration))
        {
            text.Append(' ').Append(name).Append('=');
            _ = value.AsSpan().ContainsAny(" \"=\n") ? text.Append(JsonSerializer.Serialize(value, LogJson.Default.String)) : text.Append(value);
        }

        return text.ToString();
    }

    internal static string Json(TrackedConnection c, TimeSpan duration, DateTimeOffset now)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("time", now);
            json.WriteString("level", Level(c));
            json.WriteString("scope", "access");
            json.WriteString("message", Message(c));
            foreach ((string name, string value) in Fields(c, duration))
            {
                if (name is "bytes_sent" or "bytes_recv")
                {
                    json.WriteNumber(name, long.Parse(value, CultureInfo.InvariantCulture));
                }
                else
                {
                    json.WriteString(name, value);
                }
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static string Message(TrackedConnection c) => c.Series is null ? "connection failed" : "connection complete";

    private static string Level(TrackedConnection c) => c.Series is null ? "warn" : c.Error is null ? "info" : "error";

    private static IEnumerable<(string Name, string Value)> Fields(TrackedConnection c, TimeSpan duration)
    {
        bool outbound = c.Direction == Direction.Outbound;
        SpiffeId? own = c.PeerId is null ? null : c.Local?.Identity;
        yield return ("src.addr", c.Source.ToString());
        foreach ((string, string) field in Party("src", outbound ? c.Local : c.Remote, outbound ? own : c.PeerId))
        {
            yield return field;
        }

        if (c.CallerId is { } caller)
        {
            yield return ("src.caller", caller.ToString());
        }

        if (c.CallerIgnored is { } ignored)
        {
            yield return ("src.caller_ignored", ignored);
        }

        yield return ("dst.addr", c.Destination?.ToString() ?? "unknown");
        if (c.HboneAddress is { } hbone)
        {
            yield return ("dst.hbone_addr", hbone.ToString());
        }

        if (c.Service is { } service)
        {
            yield return ("dst.service", service.Hostname);
        }

        foreach ((string, string) field in Party("dst", outbound ? c.Remote : c.Local, outbound ? c.PeerId : own))
        {
            yield return field;
        }

        yield return ("direction", outbound ? "outbound" : "inbound");
        yield return ("bytes_sent", c.Counters.FromApp.ToString(CultureInfo.InvariantCulture));
        yield return ("bytes_recv", c.Counters.ToApp.ToString(CultureInfo.InvariantCulture));
        yield return ("duration", string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0.###}ms"));
        foreach ((string, string) field in Outcome(c))
        {
            yield return field;
        }
    }

    private static IEnumerable<(string Name, string Value)> Party(string side, Workload? workload, SpiffeId? id)
    {
        if (workload is not null)
        {
            yield return ($"{side}.workload", workload.Name);
            yield return ($"{side}.namespace", workload.Namespace);
        }

        if (id is { } identity)
        {
            yield return ($"{side}.identity", identity.ToString());
        }

        if (workload is not null)
        {
            yield return ($"{side}.cluster", workload.ClusterId);
        }
    }

    private static IEnumerable<(string Name, string Value)> Outcome(TrackedConnection c)
    {
        if (c.Tls is { } tls)
        {
            yield return ("tls", tls);
        }

        if (c.Policy is { } policy && (policy.PolicyKey is not null || !policy.Allowed))
        {
            if (policy.PolicyKey is { } key)
            {
                // What a person wrote; the key is that of a generated policy where they differ.
                yield return ("policy", policy.Origin is { } origin ? $"{origin.Namespace}/{origin.Name}" : key);
                if (policy.Origin is { } kind)
                {
                    yield return ("policy.kind", kind.Kind);
                }
            }

            if (policy.RuleIndex >= 0)
            {
                yield return ("rule", policy.RuleIndex.ToString(CultureInfo.InvariantCulture));
            }

            if (!policy.Allowed)
            {
                yield return ("reason", policy.Kind == DecisionKind.Refused ? "refused" : "denied");
            }
        }

        if (c.Error is { } error)
        {
            yield return ("error", error);
        }
    }
}
