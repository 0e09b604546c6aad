using System.Collections.Immutable;
using System.Globalization;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.Reading;

/// <summary>Envoy's <c>x-envoy-retry-on</c> vocabulary, with status codes among the words as Istio allows.</summary>
public static class RetryWords
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

    internal static (RetryOn On, ImmutableArray<int> Codes) Read(string text, string path)
    {
        var on = RetryOn.None;
        var codes = new SortedSet<int>();
        foreach (string word in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int code) && code is >= 100 and < 600)
            {
                codes.Add(code);
                on |= RetryOn.StatusCodes;
            }
            else if (Array.Find(Words, w => w.Word == word) is { Word: not null } known)
            {
                on |= known.On;
            }
            else
            {
                throw new FieldException(path, $"'{RouteFields.Shortened(word)}' is no reason to retry; use {string.Join(", ", Words.Select(static w => w.Word))}, or status codes");
            }
        }

        return (on, [.. codes]);
    }

    /// <summary>The words of <paramref name="on"/> in the order in which they were written, each once; status codes are not among them.</summary>
    internal static string InOrder(string text, RetryOn on) => string.Join(',', text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Where(static word => Array.Exists(Words, w => w.Word == word))
        .Concat(Words.Where(w => on.HasFlag(w.On)).Select(static w => w.Word))
        .Distinct(StringComparer.Ordinal));

    /// <summary>The words again, in the vocabulary's order; status codes are not among them.</summary>
    public static string Text(RetryOn on) => string.Join(',', Words.Where(w => on.HasFlag(w.On)).Select(static w => w.Word));
}
