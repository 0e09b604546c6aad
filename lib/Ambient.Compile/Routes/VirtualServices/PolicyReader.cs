using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.VirtualServices;

/// <summary>Retries, faults and cross-origin rules of a VirtualService's rule.</summary>
internal static class PolicyReader
{
    public static RetryPolicy? Retry(JsonView r)
    {
        if (!r.Exists)
        {
            return null;
        }

        int attempts = r.Whole("attempts", -1, 1000, 0);
        if (attempts <= 0)
        {
            return RetryPolicy.Off;
        }

        var (on, codes) = RetryWords.Read(r.Text("retryOn"), $"{r.Path}.retryOn");
        return new RetryPolicy
        {
            Attempts = attempts,
            On = on,
            Codes = codes,
            Written = RetryWords.InOrder(r.Text("retryOn"), on),
            PerTryTimeout = Positive(r.Duration("perTryTimeout")),
            BackoffBase = r.Duration("backoff") is { Ticks: > 0 } backoff ? backoff : RetryPolicy.Off.BackoffBase,
            SameEndpointAllowed = r.Choice("retryIgnorePreviousHosts") == false,
        };
    }

    public static FaultPolicy? Fault(JsonView f)
    {
        if (!f.Exists)
        {
            return null;
        }

        var delay = f["delay"];
        var abort = f["abort"];
        return new FaultPolicy(
            delay.Exists ? new FaultDelay(Share(delay), delay.Duration("fixedDelay") ?? throw new FieldException($"{delay.Path}.fixedDelay", "is required")) : null,
            abort.Exists ? Abort(abort) : null);
    }

    public static CorsPolicy? Cors(JsonView c) => !c.Exists ? null : new CorsPolicy
    {
        AllowOrigins =
        [
            .. c.List("allowOrigins").Select(static o => Origin(StringConditions.Text(o) ?? throw new FieldException(o.Path, "needs one of exact, prefix and regex"))),
            .. c.Texts("allowOrigin").Select(static o => Origin(TextMatch.Exact(o))),
        ],
        AllowMethods = [.. c.Texts("allowMethods")],
        AllowHeaders = [.. c.Texts("allowHeaders")],
        ExposeHeaders = [.. c.Texts("exposeHeaders")],
        MaxAge = c.Duration("maxAge"),
        AllowCredentials = c.Choice("allowCredentials") ?? false,
        ForwardUnmatchedPreflights = c.Text("unmatchedPreflights") switch
        {
            "" or "UNSPECIFIED" or "FORWARD" => true,
            "IGNORE" => false,
            var other => throw new FieldException($"{c.Path}.unmatchedPreflights", $"'{RouteFields.Shortened(other)}' is not one of FORWARD, IGNORE"),
        },
    };

    public static TimeSpan? Positive(TimeSpan? duration) => duration is { Ticks: > 0 } ? duration : null;

    /// <summary>Left out it is 0 and injects nothing, as in Istio; <c>percent</c> is the old whole number.</summary>
    private static double Share(JsonView f) => f["percentage"].Exists ? f["percentage"].Percent("value") ?? 0 : f.Percent("percent") ?? 0;

    /// <summary>A star is no origin: it stands for every one, as at Envoy.</summary>
    private static TextMatch Origin(TextMatch origin) => origin is { Kind: TextMatchKind.Exact, Value: "*" } ? TextMatch.Presence : origin;

    private static FaultAbort Abort(JsonView a)
    {
        if (a["http2Error"].Exists)
        {
            throw new FieldException($"{a.Path}.http2Error", "is not supported; use httpStatus or grpcStatus");
        }

        return a["grpcStatus"].Exists
            ? new FaultAbort(Share(a), 200, GrpcStatus.Of(a.Text("grpcStatus")) ?? throw new FieldException($"{a.Path}.grpcStatus", $"'{RouteFields.Shortened(a.Text("grpcStatus"))}' is not the name of a gRPC status"))
            : new FaultAbort(Share(a), a["httpStatus"].Exists ? a.Whole("httpStatus", 200, 599, 0) : throw new FieldException($"{a.Path}.httpStatus", "is required"));
    }
}
