using System.Text.Json.Nodes;
using Ambient.Cli.Explaining.Requests;
using Ambient.Core;
using Ambient.Core.Policies;
using Ambient.Policy;

namespace Ambient.Cli.Explaining;

/// <summary>
/// The answer for programs:
/// <c>{"outcome","status","reason","from","to","hops":[…],"mtls":{…},"policies":[{"kind","namespace","name","rule","action","matched","reason","decided","dryRun"}]}</c>;
/// through a waypoint also <c>"route"</c> and <c>"backends"</c>, as for requests.
/// </summary>
internal static class ExplanationJson
{
    public static JsonObject Of(Explanation e)
    {
        JsonObject json = Connection(e);
        if (e.Backends is { } backends)
        {
            json["route"] = e.Route is null ? null : RuleJson.Origin(e.Route);
            json["backends"] = backends.DeepClone();
        }

        return json;
    }

    private static JsonObject Connection(Explanation e) => new()
    {
        ["outcome"] = e.Outcome.ToString().ToLowerInvariant(),
        ["status"] = e.Status,
        ["reason"] = e.Reason,
        ["from"] = e.From.Text,
        ["to"] = e.To.Text,
        ["hops"] = new JsonArray([.. e.Hops.Select(Of)]),
        ["mtls"] = new JsonObject
        {
            ["enabled"] = e.Mtls.Used,
            ["client"] = e.Mtls.Client,
            ["server"] = e.Mtls.Server,
            ["expected"] = new JsonArray([.. e.Mtls.Expected.Select(id => JsonValue.Create(id))]),
            ["reason"] = e.Mtls.Reason,
        },
        ["policies"] = new JsonArray([.. e.Policies.Select(Of)]),
    };

    public static JsonNode Of(Hop hop) => new JsonObject
    {
        ["from"] = hop.From,
        ["to"] = hop.To,
        ["protocol"] = hop.Protocol,
        ["address"] = hop.Address,
        ["authority"] = hop.Authority,
        ["encrypted"] = hop.Encrypted,
        ["client"] = hop.Client,
        ["server"] = hop.Server,
        ["completed"] = hop.Completed,
        ["note"] = hop.Note,
    };

    private static JsonNode Of(PolicyVerdict verdict)
    {
        (string kind, NamespacedName name) = PolicyTitle.Of(verdict);
        return new JsonObject
        {
            ["kind"] = kind,
            ["namespace"] = name.Namespace,
            ["name"] = name.Name,
            ["rule"] = verdict.RuleIndex < 0 ? null : verdict.RuleIndex,
            ["action"] = verdict.Action switch
            {
                PolicyAction.Allow => "ALLOW",
                PolicyAction.Deny => "DENY",
                _ => null,
            },
            ["matched"] = verdict.Matched,
            ["reason"] = verdict.Reason,
            ["decided"] = verdict.Decided,
            ["dryRun"] = verdict.DryRun,
        };
    }
}
