using System.Text.Json.Nodes;
using Ambient.Compile.Reports;
using Ambient.Core.Routes;
using Ambient.Routing.Matching;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>
/// What was looked at: the matches of the deciding table up to the one that took the request, with what speaks against the others, and the
/// resources whose format came second for the host.
/// </summary>
internal static class Considered
{
    public static JsonArray Json(ExplainedMesh mesh, RouteMatcher? matcher, RequestFacts facts, string? host) => new(
    [
        .. (matcher?.Explain(facts) ?? []).Where(c => RuleJson.Origin(c.Matched.Rule.Origin) is not null)
            .Select(c => Row(RuleJson.Origin(c.Matched.Rule.Origin), c.Matched.Match.Name, c.Against)),
        .. host is null ? [] : Outranked(mesh, host),
    ]);

    /// <summary>Rules for requests that were not looked at, since what came is no request.</summary>
    public static JsonArray Json(ExplainedMesh mesh, RouteTable? table, string against, string host) => new(
    [
        .. (table?.Http ?? []).Select(r => RuleJson.Origin(r.Origin)).OfType<JsonObject>().Select(o => Row(o, "", against)),
        .. Outranked(mesh, host),
    ]);

    private static IEnumerable<JsonNode> Outranked(ExplainedMesh mesh, string host) => mesh.Findings
        .Where(f => f.Code == FindingCodes.RouteOutranked && f.Message.StartsWith(host + " ", StringComparison.OrdinalIgnoreCase))
        .Select(f => Row(RuleJson.Origin(new RouteOrigin(f.Kind, f.Namespace, f.Name, -1)), "", f.Message));

    private static JsonObject Row(JsonObject? route, string match, string? against) => new JsonObject
    {
        ["route"] = route,
        ["match"] = match.Length > 0 ? match : null,
        ["matched"] = against is null,
        ["against"] = against,
    };
}
