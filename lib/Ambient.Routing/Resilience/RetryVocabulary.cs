using System.Collections.Immutable;
using System.Globalization;
using Ambient.Core.Routes;

namespace Ambient.Routing.Resilience;

/// <summary>Envoy's words for reasons to retry.</summary>
public static class RetryVocabulary
{
    private static readonly (string Word, RetryOn On)[] Words =
    [
        ("5xx", RetryOn.ServerError),
        ("gateway-error", RetryOn.GatewayError),
        ("reset", RetryOn.Reset),
        ("reset-before-request", RetryOn.ResetBeforeRequest),
        ("connect-failure", RetryOn.ConnectFailure),
        ("refused-stream", RetryOn.RefusedStream),
        ("retriable-4xx", RetryOn.Retriable4xx),
        ("retriable-status-codes", RetryOn.StatusCodes),
        ("retriable-headers", RetryOn.ResponseHeaders),
        ("envoy-ratelimited", RetryOn.RateLimited),
        ("http3-post-connect-failure", RetryOn.Http3PostConnectFailure),
        ("cancelled", RetryOn.GrpcCancelled),
        ("deadline-exceeded", RetryOn.GrpcDeadlineExceeded),
        ("internal", RetryOn.GrpcInternal),
        ("resource-exhausted", RetryOn.GrpcResourceExhausted),
        ("unavailable", RetryOn.GrpcUnavailable),
    ];

    public const string OnHeader = "x-envoy-retry-on";

    public const string AttemptsHeader = "x-envoy-max-retries";

    /// <summary>More than this nobody gets by asking.</summary>
    public const int MostAsked = 10;

    public static IEnumerable<string> All => Words.Select(static w => w.Word);

    /// <summary>Null: no such word.</summary>
    public static RetryOn? Of(string word) => Array.Find(Words, w => w.Word == word) is { Word: not null } known ? known.On : null;

    /// <summary>The words again, in the vocabulary's order; status codes are not among them.</summary>
    public static string Text(RetryOn on) => string.Join(',', Words.Where(w => on.HasFlag(w.On)).Select(static w => w.Word));

    /// <summary>
    /// A policy with what the caller asked for by <c>x-envoy-retry-on</c> and <c>x-envoy-max-retries</c>, as Envoy reads them: reasons add to those of the policy, the
    /// number replaces its own, up to <see cref="MostAsked"/>. Words and numbers that are none count as not said. What is off stays off.
    /// </summary>
    public static RetryPolicy Asked(RetryPolicy policy, string? on, string? attempts)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (policy.Attempts <= 0)
        {
            return policy;
        }

        var reasons = RetryOn.None;
        ImmutableArray<int> codes = policy.Codes;
        foreach (string word in (on ?? "").Split(',', 33, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int code) && code is >= 400 and < 600)
            {
                codes = codes.Contains(code) ? codes : codes.Add(code);
                reasons |= RetryOn.StatusCodes;
            }
            else
            {
                reasons |= Of(word) ?? RetryOn.None;
            }
        }

        bool isNumber = int.TryParse(attempts, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        return policy with
        {
            // Without words of its own the policy keeps what is safe for every request beside what the caller adds.
            On = reasons == RetryOn.None ? policy.On : policy.On == RetryOn.None ? RetryDecision.Safe | reasons : policy.On | reasons,
            Written = reasons == RetryOn.None ? policy.Written : "",
            Codes = codes,
            Attempts = isNumber ? Math.Min(number, MostAsked) : policy.Attempts,
        };
    }
}
