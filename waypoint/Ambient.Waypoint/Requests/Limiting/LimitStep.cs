using System.Collections.Immutable;
using System.Globalization;
using Ambient.Core.Routes;
using Ambient.Routing.Matching;
using Ambient.Routing.Resilience;
using Ambient.Waypoint.Requests.Answering;
using Ambient.Waypoint.Requests.Limiting.Sharing;

namespace Ambient.Waypoint.Requests.Limiting;

/// <summary>
/// Rate limits of the rule: first what this process counts by itself, then what all replicas count together. The scarcest one that counted the
/// request is told in the answer's headers.
/// </summary>
internal sealed class LimitStep(RateLimiters limiters, SharedLimits shared)
{
    public const string LimitHeader = "x-ratelimit-limit";
    public const string RemainingHeader = "x-ratelimit-remaining";
    public const string ResetHeader = "x-ratelimit-reset";

    /// <summary>Null: the request is within its limits.</summary>
    public ValueTask<OwnReply?> TakeAsync(Exchange x)
    {
        ImmutableArray<RateLimit> limits = x.Rule.RateLimits;
        if (limits.IsEmpty)
        {
            return new(x.State.Defaults.RateLimit is { } byDefault ? TakeDefault(byDefault, x) : null);
        }

        bool asks = false;
        List<Action>? undo = null;
        TokenVerdict? scarcest = null;
        for (int i = 0; i < limits.Length; i++)
        {
            RateLimit limit = limits[i];
            if (limit.Shared || !RequestMatches.Any(limit.Matches, x.Facts))
            {
                asks |= limit.Shared;
                continue;
            }

            RateLimiter limiter = limiters.Of(limits, i);
            string key = KeyOf(limit, x);
            if (limiter.Take(key) is not { } verdict)
            {
                continue;
            }

            if (!verdict.Allowed)
            {
                return new(Refuse(x, limit, verdict, undo));
            }

            if (limits.Length > 1)
            {
                (undo ??= []).Add(() => limiter.GiveBack(key, verdict));
            }

            scarcest = Scarcer(scarcest, verdict);
        }

        if (asks)
        {
            return AskAsync(x, limits, undo, scarcest);
        }

        Tell(x, scarcest);
        return default;
    }

    private async ValueTask<OwnReply?> AskAsync(Exchange x, ImmutableArray<RateLimit> limits, List<Action>? undo, TokenVerdict? scarcest)
    {
        for (int i = 0; i < limits.Length; i++)
        {
            RateLimit limit = limits[i];
            if (!limit.Shared || !RequestMatches.Any(limit.Matches, x.Facts))
            {
                continue;
            }

            SharedToken token = await shared.TakeAsync(limit, limiters.NameOf(limits, i), KeyOf(limit, x));
            if (!token.Verdict.Allowed)
            {
                return Refuse(x, limit, token.Verdict, undo);
            }

            (undo ??= []).Add(token.GiveBack);
            scarcest = Scarcer(scarcest, token.Verdict);
        }

        Tell(x, scarcest);
        return null;
    }

    // Of the Mesh: a bucket for each service.
    private OwnReply? TakeDefault(RateLimit limit, Exchange x)
    {
        string service = x.Service?.Key ?? x.Connection.Workload?.Uid ?? x.Cluster?.Key.Service ?? "";
        if (limiters.Of(limit).Take(service) is not { } verdict)
        {
            return null;
        }

        Tell(x, verdict);
        return verdict.Allowed ? null : Refusal(limit, verdict);
    }

    private static TokenVerdict Scarcer(TokenVerdict? before, TokenVerdict verdict) => before is { } least && least.Remaining <= verdict.Remaining ? least : verdict;

    // A request that one limit refuses costs nothing at the others.
    private static OwnReply Refuse(Exchange x, RateLimit limit, TokenVerdict verdict, List<Action>? undo)
    {
        foreach (Action giveBack in undo ?? [])
        {
            giveBack();
        }

        Tell(x, verdict);
        return Refusal(limit, verdict);
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

    private static void Tell(Exchange x, TokenVerdict? scarcest)
    {
        if (scarcest is not { } verdict)
        {
            return;
        }

        x.Answer(LimitHeader, verdict.Limit.ToString(CultureInfo.InvariantCulture));
        x.Answer(RemainingHeader, verdict.Remaining.ToString(CultureInfo.InvariantCulture));
        x.Answer(ResetHeader, verdict.WaitSeconds);
    }
}
