using System.Text.Json.Nodes;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>
/// The answer to one request:
/// <c>{"outcome":"forward|redirect|direct|deny|no-route|refuse","status","reason","route","considered","forwarded","responseHeaders","redirect","backends","mirrors","timeout","perTryTimeout","retries","fault","cors","rateLimits","policies","hops"}</c>.
/// Durations as Go writes them; what would not happen is null or an empty list.
/// </summary>
internal sealed class RequestAnswer(Question question)
{
    public Question Question => question;

    /// <summary>Proxies before this one that have looked into the request.</summary>
    public int Depth { get; init; }

    /// <summary>Said after the reason of a request that goes on.</summary>
    public string Also { get; set; } = "";

    public bool IsPositive => Outcome is "forward" or "redirect" or "direct";

    public JsonObject Json { get; } = new()
    {
        ["outcome"] = null,
        ["status"] = null,
        ["reason"] = "",
        ["route"] = null,
        ["considered"] = new JsonArray(),
        ["forwarded"] = null,
        ["responseHeaders"] = null,
        ["redirect"] = null,
        ["backends"] = new JsonArray(),
        ["mirrors"] = new JsonArray(),
        ["timeout"] = null,
        ["perTryTimeout"] = null,
        ["retries"] = null,
        ["fault"] = null,
        ["cors"] = null,
        ["rateLimits"] = new JsonArray(),
        ["policies"] = new JsonArray(),
        ["hops"] = new JsonArray(),
    };

    public string Outcome => Json["outcome"]?.ToString() ?? "";

    /// <summary>Denials and refusals are answers, but negative ones.</summary>
    public int ExitCode => IsPositive ? ExitCodes.Ok : ExitCodes.Negative;

    public void Add(Hop hop) => Json["hops"]!.AsArray().Add(ExplanationJson.Of(hop));

    public RequestAnswer End(string outcome, int? status, string reason)
    {
        Json["outcome"] = outcome;
        Json["status"] = status;
        Json["reason"] = outcome == "forward" ? reason + Also : reason;
        return this;
    }
}
