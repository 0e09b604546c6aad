using System.Runtime.CompilerServices;
using Ambient.Core.Routes;
using Ambient.Routing.Matching;

namespace Ambient.Routing.Resilience;

/// <summary>
/// Whether a request is sent again. Without conditions of its own a policy means what is safe: connect failures, refused streams and what
/// broke before anything was sent for every request, other breaks only for idempotent methods.
/// </summary>
public static class RetryDecision
{
    /// <summary>What a route that says nothing gets.</summary>
    public static RetryPolicy Default { get; } = new() { Attempts = 2, Budget = RetryBudget.Default };

    private static readonly ConditionalWeakTable<NamedMatch, CompiledText> Compiled = [];

    private const string TimedOut = "per-try timeout";
    internal const RetryOn Safe = RetryOn.ConnectFailure | RetryOn.RefusedStream | RetryOn.ResetBeforeRequest;

    /// <param name="budget">Asked last, and only when the request would be sent again; null: no budget.</param>
    public static RetryVerdict Decide(RetryPolicy policy, RetryState state, AttemptResult result, Func<bool>? budget)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(state);
        string? condition = Condition(policy, Effective(policy, state.Method), result);
        return condition is null ? new RetryVerdict(false, RetryVerdict.NoCondition)
            : state.Attempts > policy.Attempts ? new RetryVerdict(false, $"{condition}: all {policy.Attempts} retries are used")
            : state.AnswerStarted ? new RetryVerdict(false, $"{condition}: the answer has begun")
            : state.Late ? new RetryVerdict(false, $"{condition}: the request's time is over")
            : !state.BodyReplayable ? new RetryVerdict(false, $"{condition}: the body is too large to be sent again")
            : budget is not null && !budget() ? new RetryVerdict(false, $"{condition}: the retry budget is used")
            : new RetryVerdict(true, condition);
    }

    /// <summary>Methods that may be repeated (RFC 9110 §9.2.2).</summary>
    public static bool IsIdempotent(string method) => method is "GET" or "HEAD" or "OPTIONS" or "TRACE" or "PUT" or "DELETE";

    /// <summary>The conditions that hold for a method.</summary>
    public static RetryOn Effective(RetryPolicy policy, string method)
    {
        RetryOn codes = policy.Codes.IsEmpty ? RetryOn.None : RetryOn.StatusCodes;
        return policy.On != RetryOn.None ? policy.On | codes
            : Safe | codes | (IsIdempotent(method) ? RetryOn.Reset : RetryOn.None);
    }

    private static string? Condition(RetryPolicy policy, RetryOn on, AttemptResult result) =>
        result.Failure == AttemptFailure.None ? OfAnswer(policy, on, result)
        : result.Failure == AttemptFailure.Timeout && policy.AfterTimeout is { } repeated ? repeated ? TimedOut : null
        : OfFailure(on, result.Failure);

    // 5xx and reset hold for every kind of break; the others each for their own.
    private static string? OfFailure(RetryOn on, AttemptFailure failure)
    {
        RetryOn own = failure switch
        {
            AttemptFailure.Connect => RetryOn.ConnectFailure | RetryOn.ResetBeforeRequest,
            AttemptFailure.RefusedStream => RetryOn.RefusedStream,
            AttemptFailure.ResetBeforeRequest => RetryOn.ResetBeforeRequest,
            AttemptFailure.Timeout => RetryOn.GatewayError,
            _ => RetryOn.None,
        };
        return (on & (own | RetryOn.Reset | RetryOn.ServerError)) == RetryOn.None ? null : failure switch
        {
            AttemptFailure.Connect => "connect-failure",
            AttemptFailure.RefusedStream => "refused-stream",
            AttemptFailure.ResetBeforeRequest => "reset-before-request",
            AttemptFailure.Timeout => TimedOut,
            _ => "reset",
        };
    }

    private static string? OfAnswer(RetryPolicy policy, RetryOn on, AttemptResult result) =>
        on.HasFlag(RetryOn.ServerError) && result.Status is >= 500 and <= 599 ? "5xx"
        : on.HasFlag(RetryOn.GatewayError) && result.Status is 502 or 503 or 504 ? "gateway-error"
        : on.HasFlag(RetryOn.Retriable4xx) && result.Status == 409 ? "retriable-4xx"
        : on.HasFlag(RetryOn.StatusCodes) && policy.Codes.Contains(result.Status) ? "retriable-status-codes"
        : on.HasFlag(RetryOn.RateLimited) && result.Headers?.ValueOf("x-envoy-ratelimited") is not null ? "envoy-ratelimited"
        : on.HasFlag(RetryOn.ResponseHeaders) && result.Headers is { } headers && policy.ResponseHeaders.Any(h => Fits(h, headers)) ? "retriable-headers"
        : OfGrpc(on, result.GrpcStatus);

    private static string? OfGrpc(RetryOn on, int? status) => status switch
    {
        1 when on.HasFlag(RetryOn.GrpcCancelled) => "cancelled",
        4 when on.HasFlag(RetryOn.GrpcDeadlineExceeded) => "deadline-exceeded",
        8 when on.HasFlag(RetryOn.GrpcResourceExhausted) => "resource-exhausted",
        13 when on.HasFlag(RetryOn.GrpcInternal) => "internal",
        14 when on.HasFlag(RetryOn.GrpcUnavailable) => "unavailable",
        _ => null,
    };

    private static bool Fits(NamedMatch match, Core.Requests.IRequestHeaders headers) =>
        Compiled.GetValue(match, static m => new CompiledText(m.Value)) is { Broken: null } text && text.Matches(headers.ValueOf(match.Name));
}
