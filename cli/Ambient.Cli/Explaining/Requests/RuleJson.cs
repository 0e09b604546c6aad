using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Compile.Routes.Reading;
using Ambient.Core.Routes;
using Ambient.Routing.Resilience;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>Parts of a rule, in the words of the formats that people write.</summary>
internal static class RuleJson
{
    /// <summary>Null for a rule that nobody wrote: the service's own endpoints.</summary>
    public static JsonObject? Origin(RouteOrigin origin) => origin.Kind is "Service" or "ServiceEntry" ? null : new JsonObject
    {
        ["kind"] = origin.Kind,
        ["namespace"] = origin.Namespace,
        ["name"] = origin.Name,
        ["rule"] = origin.RuleIndex < 0 ? null : origin.RuleIndex,
        ["ruleName"] = origin.RuleName,
    };

    public static JsonObject Forwarded(string host, string path, NetHeaders headers) => new() { ["host"] = host, ["path"] = path, ["headers"] = headers.Json() };

    /// <param name="ofBackend">Budget of the backend's own policy, which comes before the route's.</param>
    /// <param name="classes">What the route calls a failure; statuses that are called otherwise than by their first digit stand among the codes.</param>
    public static JsonObject? Retries(RetryPolicy retry, ImmutableArray<ResponseClass> classes, string method, RetryBudget? ofBackend)
    {
        if (retry.Attempts == 0)
        {
            return null;
        }

        RetryOn on = RetryDecision.Effective(retry, method);
        IEnumerable<int> codes = retry.Codes;
        if (!classes.IsEmpty && on.HasFlag(RetryOn.ServerError))
        {
            int[] failures = [.. Enumerable.Range(100, 500).Where(s => FailureClasses.IsFailure(classes, s))];
            bool all = failures.Count(s => s >= 500) == 100;
            int[] named = all ? [.. failures.Where(s => s < 500)] : failures;
            codes = codes.Union(named).Order();
            on = (all ? on : (on & ~RetryOn.ServerError) | RetryOn.Reset) | (named.Length > 0 ? RetryOn.StatusCodes : RetryOn.None);
        }

        JsonObject json = new()
        {
            ["attempts"] = retry.Attempts,
            ["retryOn"] = retry.Written.Length > 0 ? retry.Written : RetryWords.Text(on),
            ["codes"] = new JsonArray([.. codes.Select(c => JsonValue.Create(c))]),
            ["budget"] = Of(ofBackend ?? retry.Budget ?? RetryBudget.Default),
        };
        if (retry.AfterTimeout is { } repeated)
        {
            json["afterTimeout"] = repeated;
        }

        return json;
    }

    public static JsonObject? Fault(FaultPolicy? fault)
    {
        bool delays = fault?.Delay is { Percentage: > 0 };
        bool aborts = fault?.Abort is { Percentage: > 0 };
        return !delays && !aborts ? null : new JsonObject
        {
            ["delay"] = !delays ? null : new JsonObject { ["percentage"] = fault!.Delay!.Percentage, ["duration"] = TrafficPolicyJson.Duration(fault.Delay.Duration) },
            ["abort"] = !aborts ? null : new JsonObject
            {
                ["percentage"] = fault!.Abort!.Percentage,
                ["status"] = fault.Abort.Status,
                ["grpcStatus"] = fault.Abort.GrpcStatus,
            },
        };
    }

    public static JsonObject? Cors(CorsPolicy? cors) => cors is null ? null : new JsonObject
    {
        ["allowOrigins"] = new JsonArray([.. cors.AllowOrigins.Select(Origin)]),
        ["allowMethods"] = List(cors.AllowMethods),
        ["allowHeaders"] = List(cors.AllowHeaders),
        ["exposeHeaders"] = List(cors.ExposeHeaders),
        ["maxAge"] = cors.MaxAge is { } age ? TrafficPolicyJson.Duration(age) : null,
        ["allowCredentials"] = cors.AllowCredentials,
    };

    public static JsonObject Limit(RateLimit limit) => new()
    {
        ["kind"] = limit.Origin.Kind,
        ["namespace"] = limit.Origin.Namespace,
        ["name"] = limit.Origin.Name,
        ["requests"] = limit.Tokens,
        ["interval"] = TrafficPolicyJson.Duration(limit.Interval),
        ["burst"] = limit.Burst,
        ["by"] = limit.By switch
        {
            RateLimitKey.Caller => "caller",
            RateLimitKey.SourceAddress => "source address",
            RateLimitKey.Header => $"header {limit.Header}",
            _ => "all",
        },
        ["scope"] = limit.Shared ? "SHARED" : "LOCAL",
        ["perEndpoint"] = limit.PerEndpoint,
        ["status"] = limit.Status,
    };

    private static JsonObject Origin(TextMatch origin) => origin.Kind == TextMatchKind.Presence
        ? new JsonObject { ["exact"] = "*" }
        : new JsonObject { [origin.Kind.ToString().ToLowerInvariant()] = origin.Value };

    public static JsonArray List(IEnumerable<string> texts) => new([.. texts.Select(t => JsonValue.Create(t))]);

    private static JsonObject Of(RetryBudget budget)
    {
        JsonObject json = new() { ["ratio"] = budget.Ratio, ["minPerSecond"] = budget.MinPerSecond, ["ttl"] = TrafficPolicyJson.Duration(budget.Window) };
        if (budget.MinConcurrent > 0)
        {
            json["minConcurrent"] = budget.MinConcurrent;
        }

        return json;
    }
}
