using System.Text.Json.Nodes;

namespace Ambient.Cli.Proxies;

/// <summary>Rules of route tables as rows: one a rule, with its first match; further ones are counted.</summary>
internal static class RouteRows
{
    public static IEnumerable<string[]> Of(JsonNode dump) => dump.Child("resources").Items("RouteTable")
        .OrderBy(static t => t.Text("host"), StringComparer.Ordinal)
        .SelectMany(static table => table.Items("http").Select(rule => (string[])[.. Head(table), Origin(rule), Matches(rule), Action(rule)])
            .Concat(table.Items("tls").Concat(table.Items("tcp")).Select(rule => (string[])[.. Head(table), Origin(rule), Streams(rule), Backends(rule)])));

    private static string[] Head(JsonNode table) =>
    [
        table.Text("host"), table.Text("port") is "" or "0" ? "*" : table.Text("port"),
        table.Text("gateway") is { Length: > 0 } gateway ? $"{gateway} {table.Text("listener")}".TrimEnd()
            : table.Text("clientNamespace") is { Length: > 0 } client ? $"callers of {client}" : "mesh",
    ];

    private static string Origin(JsonNode rule)
    {
        JsonNode? origin = rule.Child("origin");
        string name = origin.Text("ruleName") is { Length: > 0 } given ? given : origin.Text("ruleIndex") is { Length: > 0 } index ? index : "0";
        return $"{origin.Text("kind")} {origin.Text("namespace")}/{origin.Text("name")} {name}";
    }

    private static string Matches(JsonNode rule)
    {
        JsonNode[] matches = [.. rule.Items("matches")];
        return matches.Length == 0 ? "*" : Match(matches[0]) + (matches.Length > 1 ? $" (+{matches.Length - 1})" : "");
    }

    private static string Match(JsonNode match)
    {
        string[] parts =
        [
            .. match.Child("path") is { } path ? [$"{Sign(path.Text("kind"))}{path.Text("value")}"] : Array.Empty<string>(),
            .. match.Child("method") is { } method ? [method.Text("value")] : Array.Empty<string>(),
            .. Named(match, "headers", ""), .. Named(match, "withoutHeaders", "!"), .. Named(match, "queryParameters", "?"),
        ];
        return parts.Length == 0 ? "*" : string.Join(' ', parts);
    }

    private static string Sign(string kind) => kind switch { "prefix" => "^", "regex" => "~", "segmentPrefix" => "", _ => "=" };

    private static IEnumerable<string> Named(JsonNode match, string field, string sign) =>
        match.Items(field).Select(n => $"{sign}{n.Text("name")}={n.Child("value").Text("value")}");

    private static string Streams(JsonNode rule) => string.Join(
        ',', rule.Items("serverNames").Select(static h => h.ToString())) is { Length: > 0 } hosts ? hosts : "*";

    private static string Action(JsonNode rule)
    {
        JsonNode? action = rule.Child("action");
        string extra = (rule.Text("timeout") is { Length: > 0 } timeout ? $" timeout {timeout}" : "") + (rule.Child("fault") is null ? "" : " fault")
            + (rule.Items("mirrors").Any() ? " mirror" : "");
        return action.Text("kind").ToLowerInvariant() switch
        {
            "redirect" => "redirect" + extra,
            "respond" => $"answer {action.Text("status")}" + extra,
            "fail" => $"{action.Text("status")}: {action.Text("reason")}",
            _ => Backends(action) + extra,
        };
    }

    private static string Backends(JsonNode? holder) => string.Join(", ", holder.Items("backends").Select(b =>
    {
        JsonNode? target = b.Child("target");
        string weight = holder.Items("backends").Count() > 1 ? $" ×{(b.Text("weight") is { Length: > 0 } w ? w : "1")}" : "";
        return $"{target.Text("namespace")}/{target.Text("name")}:{target.Text("port")}{(target.Text("subset") is { Length: > 0 } subset ? $" {subset}" : "")}{weight}";
    }));
}
