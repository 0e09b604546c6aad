using System.Globalization;
using System.Text.Json.Nodes;

namespace Ambient.Cli.Proxies;

/// <summary>Rows of what only waypoints and gateways have.</summary>
internal static class WaypointRows
{
    public static IEnumerable<string[]> Clusters(JsonNode dump) => dump.Items("clusters")
        .Select(c => (string[])
        [
            ServiceOf(c.Text("service")), c.Text("port"), c.Text("subset"), c.Text("used") == "true" ? c.Text("balancer") : "(unused)",
            c.Text("used") == "true" ? $"{c.Text("taken")}/{c.Text("endpoints")}" : c.Text("endpoints"),
            c.Text("ejected"), c.Text("active"), c.Text("waiting"), c.Text("missing") is { Length: > 0 } missing ? missing : c.Text("policy"),
        ])
        .OrderBy(r => r[0], StringComparer.Ordinal).ThenBy(r => r[1], StringComparer.Ordinal);

    /// <summary>Where discovery and experience disagree, the last column says which is believed and why.</summary>
    public static IEnumerable<string[]> Endpoints(JsonNode dump) => dump.Items("endpoints")
        .Select(e => (string[])
        [
            ServiceOf(e.Text("cluster")), e.Text("workload"), e.Text("address"), e.Text("ready") == "true" ? "ready" : "not ready", e.Text("checks"),
            e.Text("taken") == "true" ? "yes" : "no", Latency(e.Text("latencyMilliseconds")), e.Text("pending"), e.Text("why"),
        ]);

    public static IEnumerable<string[]> Listeners(JsonNode dump)
    {
        string own = dump.Child("config").Text("gateway");
        foreach (JsonNode gateway in dump.Child("resources").Items("GatewayConfig").Where(g => own.Length == 0 || g.Text("name") == own))
        {
            foreach (JsonNode listener in gateway.Items("listeners"))
            {
                JsonNode? tls = listener.Child("tls");
                yield return
                [
                    listener.Text("owner"), listener.Text("name"), listener.Text("port"), listener.Text("protocol"),
                    string.Join(",", listener.Items("hostnames").Select(static h => h.ToString())) is { Length: > 0 } hosts ? hosts : "*",
                    listener.Text("invalid") is { Length: > 0 } invalid ? invalid
                        : tls is null ? "" : string.Join(",", tls.Items("certificates").Select(static c => c.ToString())),
                ];
            }
        }

        if (dump.Text("proxy") == "waypoint" && !dump.Child("resources").Items("GatewayConfig").Any(g => g.Text("name") == own))
        {
            yield return [own, "mesh", "15008", "hbone", "*", "mutual TLS"];
        }
    }

    /// <summary>Policies on requests.</summary>
    public static IEnumerable<string[]> Policies(JsonNode dump) => dump.Child("resources").Items("RequestPolicy")
        .Select(p => (string[])
        [
            NamespaceOf(p.Text("name")), NameOf(p.Text("name")), Word(p.Text("action"), "ALLOW"),
            string.Join(",", p.Items("targets").Select(static t => $"{Word(t.Text("kind"), "MESH")} {t.Text("key")}".Trim())),
            p.Items("rules").Count().ToString(CultureInfo.InvariantCulture), p.Text("dryRun") is { Length: > 0 } dry ? dry : "false",
        ])
        .OrderBy(r => r[0], StringComparer.Ordinal).ThenBy(r => r[1], StringComparer.Ordinal);

    // namespace/host: the host says both in a cluster's own services.
    private static string ServiceOf(string key)
    {
        int slash = key.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && key.IndexOf('/', slash + 1) < 0 ? key[(slash + 1)..] : key;
    }

    private static string Latency(string milliseconds) => milliseconds is "" or "0" ? "" : milliseconds + " ms";

    private static string NamespaceOf(string name) => name.Split('/', 2)[0];

    private static string NameOf(string name) => name.Split('/', 2)[^1];

    // What has the default is left out on the wire.
    private static string Word(string text, string whenAbsent) => text.Length == 0 ? whenAbsent : text.ToUpperInvariant();
}
