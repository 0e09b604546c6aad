using System.Collections.Immutable;
using System.Globalization;
using Ambient.Core.Routes;
using Ambient.Routing.Matching;
using Ambient.Routing.Resilience;
using Ambient.Waypoint.Requests.Answering;

namespace Ambient.Waypoint.Requests.Limiting;

/// <summary>Rate limits of the rule. The scarcest one that counted the request is told in the answer's headers.</summary>
internal sealed class LimitStep(RateLimiters limiters)
{
    public const string LimitHeader = "x-ratelimit-limit";
    public const string RemainingHeader = "x-ratelimit-remaining";
    public const string ResetHeader = "x-ratelimit-reset";

    /// <summary>Null: the request is within its limits.</summary>
    public OwnReply? Take(Exchange x)
    {
        ImmutableArray<RateLimit> limits = x.Rule.RateLimits;
        if (limits.IsEmpty)
        {
            return x.State.Defaults.RateLimit is { } byDefault ? TakeDefault(byDefault, x) : null;
        }

        TokenVerdict? scarcest = null;
        for (int i = 0; i < limits.Length; i++)
        {
            RateLimit limit = limits[i];
            if (!RequestMatches.Any(limit.Matches, x.Facts) || limiters.Of(limit, i).Take(KeyOf(limit, x)) is not { } verdict)
            {
                continue;
            }

            if (!verdict.Allowed)
            {
                Tell(x, verdict);
                return Refusal(limit, verdict);
            }

            scarcest = scarcest is { } least && least.Remaining <= verdict.Remaining ? scarcest : verdict;
        }

        if (scarcest is { } told)
        {
            Tell(x, told);
        }

        return null;
    }

    // Of the Mesh: a bucket for each service.
    private OwnReply? TakeDefault(RateLimit limit, Exchange x)
    {
        string service = x.Service?.Key ?? x.Connection.Workload?.Uid ?? x.Cluster?.Key.Service ?? "";
        if (limiters.Of(limit, 0).Take(service) is not { } verdict)
        {
            return null;
        }

        Tell(x, verdict);
        return verdict.Allowed ? null : Refusal(limit, verdict);
    }

    private static OwnReply Refusal(RateLimit limit, TokenVerdict verdict) => new(
        limit.Status,
        ReasonCodes.RateLimited,
        $"rate limit of {limit.Origin}: {limit.Tokens} in {limit.Interval.TotalSeconds:0.###} s{Words(limit)}",
        ResponseFlags.RateLimited)
    {
        GrpcStatus = 8,
        Headers =
        [
            new HeaderValue("retry-after", verdict.WaitSeconds),
            new HeaderValue("x-envoy-ratelimited", "true"),
            .. limit.ResponseHeaders.Set,
            .. limit.ResponseHeaders.Add,
        ],
    };

    private static string Words(RateLimit limit) => limit.By switch
    {
        RateLimitKey.Caller => " for each caller",
        RateLimitKey.SourceAddress => " for each source address",
        RateLimitKey.Header => $" for each {limit.Header}",
        _ => "",
    };

    private static string KeyOf(RateLimit limit, Exchange x)
    {
        string key = limit.By switch
        {
            RateLimitKey.Caller => x.Connection.Caller.VerifiedId?.ToString() ?? "",
            RateLimitKey.SourceAddress => x.Connection.Source.Address.ToString(),
            RateLimitKey.Header => x.ValueOf(limit.Header) ?? "",
            _ => "",
        };
        return limit.PerEndpoint && x.Endpoint is { } endpoint ? $"{endpoint.Id}|{key}" : key;
    }

    private static void Tell(Exchange x, TokenVerdict verdict)
    {
        x.Answer(LimitHeader, verdict.Limit.ToString(CultureInfo.InvariantCulture));
        x.Answer(RemainingHeader, verdict.Remaining.ToString(CultureInfo.InvariantCulture));
        x.Answer(ResetHeader, verdict.WaitSeconds);
    }
}
