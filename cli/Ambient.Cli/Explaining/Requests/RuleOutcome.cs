using System.Text.Json.Nodes;
using Ambient.Core.Routes;
using Ambient.Routing.Choosing;
using Ambient.Routing.Matching;
using Ambient.Routing.Resilience;
using Ambient.Routing.Rewriting;
using Ambient.Routing.Timing;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>
/// What a rule does with a request that policies let through, in the order in which proxies do it: limits, cross-origin rules, faults, then its
/// action. Only what would happen is written into the answer.
/// </summary>
internal sealed class RuleOutcome(RequestAnswer answer, Asked asked, HttpRule rule, PathMatch? path, BackendJson backends, Onward onward, bool mayAskForRetries)
{
    private readonly RequestFacts _facts = asked.Facts;

    public RequestAnswer Of(string reason)
    {
        RateLimit[] limits = rule.RateLimits.IsEmpty && backends.Defaults.RateLimit is { } byDefault ? [byDefault] : [.. rule.RateLimits];
        answer.Json["rateLimits"] = new JsonArray([.. limits
            .Where(l => l.EnabledPercentage > 0 && l.EnforcedPercentage > 0 && RequestMatches.Any(l.Matches, _facts)).Select(RuleJson.Limit)]);
        NetHeaders onAnswer = NetHeaders.OfResponse(rule, Taken is [var only] ? only : null);
        if (rule.Cors is { } cors)
        {
            answer.Json["cors"] = RuleJson.Cors(cors);
            CorsDecision decision = CorsDecision.Of(cors, _facts.Method, _facts.Headers);
            foreach (HeaderValue header in decision.Headers)
            {
                onAnswer.Replace(header.Name, header.Value);
            }

            if (decision.Answered)
            {
                answer.Json["responseHeaders"] = onAnswer.Json();
                return answer.End("direct", 200, $"{reason}; its cross-origin rules answer the preflight");
            }
        }

        answer.Json["fault"] = RuleJson.Fault(rule.Fault);
        if (rule.Fault?.Abort is { Percentage: >= 100 } abort)
        {
            return answer.End("direct", abort.Status, $"{reason}; the fault that it injects answers every request");
        }

        answer.Json["responseHeaders"] = onAnswer.Json();
        return rule.Action switch
        {
            RouteAction.Redirect redirect => Redirected(redirect.To, reason),
            RouteAction.Respond respond => answer.End("direct", respond.Status, reason),
            RouteAction.Fail fail => Failed(fail),
            _ => Forward(reason),
        };
    }

    private WeightedBackend[] Taken => [.. TakenOf(rule)];

    /// <summary>Backends that get any requests.</summary>
    public static IEnumerable<WeightedBackend> TakenOf(HttpRule rule) =>
        rule.Action is RouteAction.Forward f ? f.Backends.Where(b => b.Weight > 0 || f.Backends.Length == 1) : [];

    private RequestAnswer Failed(RouteAction.Fail fail)
    {
        answer.Json["responseHeaders"] = null;
        return answer.End(fail.Status == 404 ? "no-route" : "refuse", fail.Status, fail.Reason);
    }

    private RequestAnswer Redirected(RedirectTo to, string reason)
    {
        if (!RedirectLocation.TryMake(to, path, _facts, out string? location, out string? problem))
        {
            return answer.End("refuse", 400, problem);
        }

        answer.Json["redirect"] = new JsonObject { ["location"] = location, ["status"] = to.Status };
        return answer.End("redirect", to.Status, reason);
    }

    private RequestAnswer Forward(string reason)
    {
        WeightedBackend[] taken = Taken;
        JsonObject? forwarded = Forwarded(taken is [var single] ? single : null, out string? problem);
        answer.Json["backends"] = new JsonArray([.. taken.Select(b => Backend(b, taken.Length == 1))]);
        if (problem is not null)
        {
            return answer.End("refuse", 400, problem);
        }

        RequestDeadline deadline = RequestDeadline.Of(rule.Timeout, _facts.Headers);
        if (deadline.IsLate(TimeSpan.Zero))
        {
            return answer.End("refuse", 504, $"the request is late already: {deadline.Source}");
        }

        if (taken.All(b => b.Invalid is not null))
        {
            return Failed(taken.FirstOrDefault()?.Invalid ?? new RouteAction.Fail(500, "the rule has no backends"));
        }

        if (taken.All(b => b.Invalid is not null || backends.Usable(b.Target).IsEmpty))
        {
            return Failed(new RouteAction.Fail(503, backends.WhyNone(taken.First(b => b.Invalid is null).Target)));
        }

        if (onward.To(taken, backends, b => Sent(b, deadline)) is { } ended)
        {
            return ended;
        }

        answer.Json["forwarded"] = forwarded;
        answer.Json["mirrors"] = new JsonArray([.. rule.Mirrors.Where(m => m.Percentage > 0).Select(Mirror)]);
        answer.Json["timeout"] = deadline.Total is { } timeout ? TrafficPolicyJson.Duration(timeout) : null;
        RetryPolicy said = rule.Retry ?? backends.Defaults.Retry ?? RetryDecision.Default;
        RetryPolicy retry = mayAskForRetries
            ? RetryVocabulary.Asked(said, _facts.Headers.ValueOf(RetryVocabulary.OnHeader), _facts.Headers.ValueOf(RetryVocabulary.AttemptsHeader))
            : said;
        answer.Json["perTryTimeout"] = retry.PerTryTimeout is { } perTry ? TrafficPolicyJson.Duration(perTry) : null;
        answer.Json["retries"] = RuleJson.Retries(retry, rule.ResponseClasses, _facts.Method, taken is [var one] ? backends.PolicyOf(one.Target).RetryBudget : null);
        if (answer.Json["retries"] is { } retries && rule.Retry is null && backends.Defaults.Retry is not null)
        {
            retries["from"] = "Mesh";
        }

        return answer.End("forward", null, reason);
    }

    /// <summary>As it goes to one backend; the time that is left goes along.</summary>
    private SentRequest? Sent(WeightedBackend backend, RequestDeadline deadline)
    {
        if (Forwarded(backend, out _) is not { } forwarded)
        {
            return null;
        }

        NetHeaders headers = NetHeaders.OfRequest(asked, rule, backend);
        if (deadline.ForAttempt(TimeSpan.Zero, (rule.Retry ?? RetryDecision.Default).PerTryTimeout) is { } left)
        {
            headers.Replace(RequestDeadline.ExpectedHeader, RequestDeadline.Format(left));
        }

        return new SentRequest(forwarded["host"]!.ToString(), forwarded["path"]!.ToString(), headers.On(asked.Question.Headers));
    }

    // What differs between backends stands with each of them.
    private JsonObject Backend(WeightedBackend backend, bool alone)
    {
        JsonObject json = backends.Of(backend, alone);
        if (!alone && (!backend.RequestHeaders.IsEmpty || backend.Rewrite is not null) && Forwarded(backend, out _) is { } own)
        {
            json["forwarded"] = own;
        }

        if (!alone && !backend.ResponseHeaders.IsEmpty)
        {
            json["responseHeaders"] = NetHeaders.OfResponse(rule, backend).Json();
        }

        return json;
    }

    private JsonObject? Forwarded(WeightedBackend? backend, out string? problem)
    {
        problem = null;
        UrlRewrite? rewrite = backend?.Rewrite ?? rule.Rewrite;
        string target = asked.Canonical.Path;
        if (rewrite?.Path is { } change)
        {
            if (!PathRewriter.TryRewrite(change, path, asked.Canonical.Path, out string? rewritten, out problem))
            {
                return null;
            }

            target = rewritten;
        }

        NetHeaders headers = NetHeaders.OfRequest(asked, rule, backend);
        string query = target.Contains('?', StringComparison.Ordinal) ? "" : asked.Query;
        return RuleJson.Forwarded(rewrite?.Authority ?? headers.Authority ?? _facts.Authority, target + query, headers);
    }

    private static JsonNode Mirror(RouteMirror mirror) => new JsonObject
    {
        ["namespace"] = mirror.Target.Namespace,
        ["name"] = mirror.Target.Name,
        ["subset"] = mirror.Target.Subset,
        ["port"] = mirror.Target.Port,
        ["percentage"] = mirror.Percentage,
    };
}
