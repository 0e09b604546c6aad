using System.Buffers.Text;
using System.Net;
using System.Text.Json.Nodes;
using Ambient.Cli.Output;

namespace Ambient.Cli.Proxies;

/// <summary>The parts of a proxy's <c>/config_dump</c> as tables; one row function a part.</summary>
internal static class ProxyTables
{
    /// <summary>Parts that node proxies have.</summary>
    public static IReadOnlyList<string> OfNodes { get; } = ["workloads", "services", "policies", "certificates", "connections"];

    /// <summary>Parts that waypoints and gateways have.</summary>
    public static IReadOnlyList<string> OfGateways { get; } = ["routes", "clusters", "endpoints", "listeners", "workloads", "services", "policies", "certificates"];

    public static IReadOnlyList<string> Parts { get; } = [.. OfGateways.Union(OfNodes)];

    /// <summary>In 80 columns: a table a proxy, host names without the cluster's own ending.</summary>
    public static void Write(TextWriter output, string part, IReadOnlyList<(string Node, JsonNode Dump)> dumps)
    {
        (string[] header, Func<JsonNode, IEnumerable<string[]>> rows) = Shown(part);
        foreach ((string node, JsonNode dump) in dumps)
        {
            TextTable table = new(header);
            foreach (string[] row in rows(dump))
            {
                table.Add([.. row.Select(static c => c.Replace(".svc.cluster.local", "", StringComparison.Ordinal))]);
            }

            output.WriteLine($"{node}{(table.IsEmpty ? $" has no {part}" : "")}");
            if (!table.IsEmpty)
            {
                table.Write(output);
            }

            if (dumps.Count > 1)
            {
                output.WriteLine();
            }
        }
    }

    /// <summary>Every row of every proxy as one table, for <c>-o wide</c>.</summary>
    public static TextTable Of(string part, IEnumerable<(string Node, JsonNode Dump)> dumps)
    {
        (string[] header, Func<JsonNode, IEnumerable<string[]>> rows) = Shown(part);
        TextTable table = new([.. header, "PROXY"]);
        foreach ((string node, JsonNode dump) in dumps)
        {
            foreach (string[] row in rows(dump))
            {
                table.Add([.. row, node]);
            }
        }

        return table;
    }

    private static (string[] Header, Func<JsonNode, IEnumerable<string[]>> Rows) Shown(string part)
    {
        return part switch
        {
            "routes" => (["HOST", "PORT", "FOR", "RULE", "MATCH", "ACTION"], RouteRows.Of),
            "clusters" => (["SERVICE", "PORT", "SUBSET", "BALANCER", "ENDPOINTS", "EJECTED", "ACTIVE", "WAITING", "POLICY"], WaypointRows.Clusters),
            "endpoints" => (["CLUSTER", "WORKLOAD", "ADDRESS", "DISCOVERY", "CHECKS", "ASKED", "LATENCY", "PENDING", "WHY"], WaypointRows.Endpoints),
            "listeners" => (["GATEWAY", "NAME", "PORT", "PROTOCOL", "HOSTS", "TLS"], WaypointRows.Listeners),
            "workloads" => (["NAMESPACE", "NAME", "ADDRESS", "NODE", "PROTOCOL", "WAYPOINT", "HEALTH"], Workloads),
            "services" => (["NAMESPACE", "NAME", "ADDRESS", "PORTS", "WAYPOINT"], Services),
            "policies" => (["NAMESPACE", "NAME", "ACTION", "SCOPE", "RULES", "DRY RUN"], d => Policies(d).Concat(WaypointRows.Policies(d))),
            "certificates" => (["IDENTITY", "STATE", "VALID FROM", "EXPIRES", "SERIAL", "LAST ERROR"], Certificates),
            "connections" => (["POD", "DIRECTION", "SOURCE", "DESTINATION", "PROTOCOL", "PEER", "SERVICE", "SECONDS"], Connections),
            _ => throw new ArgumentOutOfRangeException(nameof(part), part, "no such part of a proxy"),
        };
    }

    /// <summary>The part for programs: connections come out of the state of each pod.</summary>
    public static JsonNode Json(string part, JsonNode dump) =>
        (part switch
        {
            "connections" => dump.Child("workloadState"),
            "routes" => dump.Child("resources").Child("RouteTable"),
            "listeners" => dump.Child("resources").Child("GatewayConfig"),
            "policies" => new JsonArray([.. dump.Items("policies").Concat(dump.Child("resources").Items("RequestPolicy")).Select(static p => p.DeepClone())]),
            _ => dump.Child(part),
        })?.DeepClone() ?? new JsonArray();

    private static IEnumerable<string[]> Workloads(JsonNode dump) => dump.Items("workloads")
        .Select(w => (string[])
        [
            w.Text("namespace"), w.Text("name"), Addresses(w.Items("addresses")), w.Text("node"),
            Or(w.Text("tunnelProtocol"), "NONE"), Gateway(w.Child("waypoint")), Or(w.Text("status"), "HEALTHY"),
        ])
        .OrderBy(r => r[0], StringComparer.Ordinal).ThenBy(r => r[1], StringComparer.Ordinal);

    private static IEnumerable<string[]> Services(JsonNode dump) => dump.Items("services")
        .Select(s => (string[])
        [
            s.Text("namespace"), s.Text("hostname"), Addresses(s.Items("addresses").Select(a => a.Child("address")).OfType<JsonNode>()),
            string.Join(",", s.Items("ports").Select(p => $"{p.Text("servicePort")}→{Or(p.Text("targetPort"), "named")}")), Gateway(s.Child("waypoint")),
        ])
        .OrderBy(r => r[0], StringComparer.Ordinal).ThenBy(r => r[1], StringComparer.Ordinal);

    private static IEnumerable<string[]> Policies(JsonNode dump) => dump.Items("policies")
        .Select(p => (string[])
        [
            p.Text("namespace"), p.Text("name"), Or(p.Text("action"), "ALLOW"), Or(p.Text("scope"), "GLOBAL"),
            p.Items("rules").Count().ToString(System.Globalization.CultureInfo.InvariantCulture), Or(p.Text("dryRun"), "false"),
        ])
        .OrderBy(r => r[0], StringComparer.Ordinal).ThenBy(r => r[1], StringComparer.Ordinal);

    private static IEnumerable<string[]> Certificates(JsonNode dump) => dump.Items("certificates")
        .Select(c => (string[])
            [c.Text("identity"), c.Text("state"), c.Text("validFrom"), c.Text("expirationTime"), c.Text("serialNumber"), c.Text("lastError")])
        .OrderBy(r => r[0], StringComparer.Ordinal);

    private static IEnumerable<string[]> Connections(JsonNode dump) =>
        from pod in (dump.Child("workloadState") as JsonObject ?? []).Select(p => p.Value).OfType<JsonNode>()
        from direction in (string[])["inbound", "outbound"]
        from c in pod.Child("connections").Items(direction)
        select (string[])
        [
            $"{pod.Text("namespace")}/{pod.Text("name")}", direction, c.Text("src"), Or(c.Text("originalDst"), c.Text("hboneDst")),
            c.Text("protocol"), c.Text("peer"), c.Text("service"), c.Text("seconds"),
        ];

    private static string Or(string text, string otherwise) => text.Length == 0 ? otherwise : text;

    private static string Gateway(JsonNode? gateway) => gateway switch
    {
        null => "",
        _ when gateway.Child("hostname") is { } host => $"{host.Text("namespace")}/{host.Text("hostname")}",
        _ => Addresses(new[] { gateway.Child("address").Child("address") }.OfType<JsonNode>()),
    };

    // Protobuf's JSON mapping writes bytes in base64.
    private static string Addresses(IEnumerable<JsonNode> encoded) => string.Join(",", encoded.Select(node =>
    {
        string text = node is JsonValue value && value.TryGetValue(out string? s) ? s : "";
        Span<byte> bytes = stackalloc byte[16];
        return Base64.IsValid(text) && Convert.TryFromBase64String(text, bytes, out int length) && length is 4 or 16
            ? new IPAddress(bytes[..length]).ToString()
            : text;
    }));
}
