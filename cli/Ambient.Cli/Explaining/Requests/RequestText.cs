using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ambient.Cli.Output;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>The answer for people, in 80 columns: the way, the rules that were looked at, where it goes, what is changed, who may, and the verdict last.</summary>
internal static class RequestText
{
    private const int MaxConsidered = 10;
    private const int MaxEndpoints = 8;

    public static void Write(TextWriter output, RequestAnswer answer)
    {
        JsonObject a = answer.Json;
        output.WriteLine($"{answer.Question.From} → {answer.Question.Method} {answer.Question.To}{(answer.Question.Via is { } via ? $" via {via}" : "")}");
        output.WriteLine();
        Hops(output, a["hops"]!.AsArray());
        Route(output, a);
        Backends(output, a["backends"]!.AsArray());
        Settings(output, a);
        Policies(output, a["policies"]!.AsArray());
        Paragraph.Write(output, $"{answer.Outcome.ToUpperInvariant()}{(a["status"] is { } status ? $" ({status})" : "")}: {a["reason"]}", indent: 0);
    }

    private static void Hops(TextWriter output, JsonArray hops)
    {
        string? at = null;
        foreach (JsonNode? hop in hops)
        {
            string from = Text(hop!["from"]);
            if (from != at)
            {
                output.WriteLine($"  ● {from}");
            }

            bool sealedHop = (bool)hop["encrypted"]!;
            string line = sealedHop ? "║" : "│";
            Paragraph.Write(output, sealedHop ? $"HBONE {hop["address"]}, CONNECT {hop["authority"]}" : $"TCP {hop["address"]}", $"  {line}   ");
            if (sealedHop && hop["client"] is { } client)
            {
                output.WriteLine($"  {line}   as {client}");
            }

            Paragraph.Write(output, Text(hop["note"]), $"  {line}   ");
            at = Text(hop["to"]);
            output.WriteLine((bool)hop["completed"]! ? $"  ● {at}" : $"  ✗ {at}  ends here");
        }

        output.WriteLine(hops.Count > 0 ? "" : "  nothing is on the way");
    }

    private static void Route(TextWriter output, JsonObject a)
    {
        JsonArray considered = a["considered"]!.AsArray();
        if (considered.Count == 0 && a["route"] is null)
        {
            return;
        }

        output.WriteLine(a["route"] is null ? "no route decides" : "route");
        JsonNode[] rows = [.. considered.Where((row, i) => i < MaxConsidered || (bool)row!["matched"]!).Select(row => row!)];
        foreach (JsonNode row in rows)
        {
            bool matched = (bool)row["matched"]!;
            if (matched && rows.Length < considered.Count)
            {
                output.WriteLine($"  · and {considered.Count - rows.Length} more that do not take it");
            }

            Paragraph.Write(output, $"{Name(row["route"])}{(row["match"] is { } match ? $" match {match}" : "")}{(matched ? "  ◄ decided" : $": {row["against"]}")}", matched ? "  ✓ " : "  · ", "    ");
        }

        if (considered.Count == 0)
        {
            output.WriteLine($"  ✓ {Name(a["route"])}");
        }
        else if (rows.Length < considered.Count && !rows.Any(row => (bool)row["matched"]!))
        {
            output.WriteLine($"  · and {considered.Count - rows.Length} more");
        }

        output.WriteLine();
    }

    private static string Name(JsonNode? route) =>
        $"{route?["kind"]} {route?["namespace"]}/{route?["name"]}{(route?["ruleName"] is { } name ? $" rule {name}" : route?["rule"] is { } rule ? $" rule {rule}" : "")}";

    private static void Backends(TextWriter output, JsonArray backends)
    {
        if (backends.Count == 0)
        {
            return;
        }

        output.WriteLine("goes to");
        double sum = backends.Sum(static b => Number(b!["weight"]));
        foreach (JsonNode? b in backends)
        {
            string share = (Number(b!["weight"]) / sum).ToString("0.##%", CultureInfo.InvariantCulture);
            output.WriteLine($"  {share,6}  {b["namespace"]}/{b["name"]}:{b["port"]}{(b["subset"] is { } subset ? $" subset {subset}" : "")}");
            if (b["invalid"] is { } invalid)
            {
                Paragraph.Write(output, $"answers {invalid["status"]}: {invalid["reason"]}", indent: 10);
            }

            if (b["waypoint"] is JsonObject through)
            {
                Through(output, through);
                continue;
            }

            JsonArray endpoints = b["endpoints"]!.AsArray();
            foreach (JsonNode? e in endpoints.Take(MaxEndpoints))
            {
                Paragraph.Write(output, $"{e!["address"]} {e["why"]}{(Text(e["locality"]) is { Length: > 0 } place ? $" in {place}" : "")}", (bool)e["healthy"]! ? "        ● " : "        ○ ", "          ");
            }

            if (endpoints.Count != Math.Min(endpoints.Count, MaxEndpoints) || endpoints.Count == 0)
            {
                output.WriteLine(endpoints.Count == 0 ? "        ○ no endpoints" : $"        and {endpoints.Count - MaxEndpoints} more");
            }

            TrafficPolicy(output, b["trafficPolicy"]);
        }

        output.WriteLine();
    }

    /// <summary>What a further waypoint does, in short; all of it stands in the JSON.</summary>
    private static void Through(TextWriter output, JsonObject a, int indent = 10)
    {
        Paragraph.Write(output, $"{Text(a["outcome"]).ToUpperInvariant()}{(a["status"] is { } status ? $" ({status})" : "")} {a["reason"]}", indent);
        JsonArray backends = a["backends"]!.AsArray();
        double sum = backends.Sum(static b => Number(b!["weight"]));
        foreach (JsonNode? b in backends)
        {
            string share = (Number(b!["weight"]) / sum).ToString("0.##%", CultureInfo.InvariantCulture);
            Paragraph.Write(output, $"{share} {b["namespace"]}/{b["name"]}:{b["port"]}{(b["subset"] is { } subset ? $" subset {subset}" : "")}", indent + 2);
            if (b["waypoint"] is JsonObject further)
            {
                Through(output, further, indent + 4);
            }
        }

        if (a["forwarded"] is { } sent)
        {
            Paragraph.Write(output, $"sends {sent["host"]} {sent["path"]}{(a["timeout"] is { } timeout ? $", timeout {timeout}" : "")}", indent + 2);
        }
    }

    private static void TrafficPolicy(TextWriter output, JsonNode? policy)
    {
        foreach (var (name, value) in policy?.AsObject() ?? [])
        {
            if (Short(value) is { Length: > 0 } text)
            {
                Paragraph.Write(output, $"{name} {text}", "          ", "            ");
            }
        }
    }

    private static void Settings(TextWriter output, JsonObject a)
    {
        List<(string Name, string Text)> rows = [];
        JsonNode? forwarded = a["forwarded"];
        Add("sends", forwarded is null ? "" : $"{forwarded["host"]} {forwarded["path"]}{Headers(forwarded["headers"])}");
        Add("redirect", a["redirect"] is { } redirect ? $"{redirect["status"]} {redirect["location"]}" : "");
        Add("answer", Headers(a["responseHeaders"]).TrimStart(',', ' '));
        Add("timeout", Joined([Text(a["timeout"]), a["perTryTimeout"] is { } perTry ? $"{perTry} for each try" : ""]));
        Add("retries", a["retries"] is { } r
            ? $"{r["attempts"]} on {r["retryOn"]}{(r["codes"]!.AsArray() is { Count: > 0 } codes ? $" (codes {Short(codes)})" : "")}, budget {Short(r["budget"])}{(r["from"] is not null ? "; the Mesh's default" : "")}" : "");
        Add("fault", Short(a["fault"]));
        Add("cors", Short(a["cors"]));
        foreach (JsonNode? mirror in a["mirrors"]!.AsArray())
        {
            Add("mirror", $"{mirror!["percentage"]} % to {mirror["namespace"]}/{mirror["name"]}{(mirror["subset"] is { } subset ? $" subset {subset}" : "")}");
        }

        foreach (JsonNode? limit in a["rateLimits"]!.AsArray())
        {
            Add("limit", $"{limit!["requests"]} in {limit["interval"]}, {limit["burst"]} at once, by {limit["by"]}{((bool)limit["perEndpoint"]! ? " for each endpoint" : "")}{((string?)limit["scope"] == "SHARED" ? ", all replicas together" : "")}: {limit["kind"]} {limit["namespace"]}/{limit["name"]}");
        }

        foreach (var (name, text) in rows)
        {
            Paragraph.Write(output, text, name.PadRight(10), new string(' ', 10));
        }

        if (rows.Count > 0)
        {
            output.WriteLine();
        }

        void Add(string name, string text)
        {
            if (text.Length > 0)
            {
                rows.Add((name, text));
            }
        }
    }

    private static string Headers(JsonNode? headers) => headers is null ? "" : string.Concat(
        (headers["set"]?.AsObject() ?? []).Select(h => $", set {h.Key}: {Short(h.Value)}")
            .Concat((headers["add"]?.AsObject() ?? []).Select(h => $", add {h.Key}: {Short(h.Value)}"))
            .Concat((headers["remove"]?.AsArray() ?? []).Select(h => $", remove {h}")));

    private static void Policies(TextWriter output, JsonArray policies)
    {
        if (policies.Count == 0)
        {
            return;
        }

        output.WriteLine("policies");
        foreach (JsonNode? p in policies)
        {
            bool decided = (bool)p!["decided"]!, matched = (bool)p["matched"]!;
            string sign = !decided ? "·" : matched && Text(p["action"]) == "ALLOW" ? "✓" : "✗";
            output.WriteLine($"  {sign} {p["action"],-6} {p["namespace"]}/{p["name"]}{((bool)p["dryRun"]! ? "  dry run" : "")}{(decided ? "  ◄ decided" : "")}");
            foreach (string reason in Text(p["reason"]).Split("; "))
            {
                Paragraph.Write(output, reason, indent: 11);
            }
        }

        output.WriteLine();
    }

    /// <summary>A node in one line: what is not set is left out.</summary>
    private static string Short(JsonNode? node) => node switch
    {
        null => "",
        JsonObject map => Joined(map.Select(f => (f.Key, Text: Short(f.Value))).Where(f => f.Text.Length > 0).Select(f => f.Text == "true" ? f.Key : $"{f.Key} {f.Text}")),
        JsonArray list => string.Join(' ', list.Select(Short)),
        JsonValue value when value.GetValueKind() == JsonValueKind.False => "",
        _ => node.ToString(),
    };

    private static string Joined(IEnumerable<string> parts) => string.Join(", ", parts.Where(p => p.Length > 0));

    private static double Number(JsonNode? node) => double.Parse(Text(node), CultureInfo.InvariantCulture);

    private static string Text(JsonNode? node) => node?.ToString() ?? "";
}
