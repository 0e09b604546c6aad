using System.Collections.Immutable;
using System.Globalization;
using Ambient.Compile.Index;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.Linkerd;

/// <summary>
/// retry.linkerd.io, timeout.linkerd.io and balancer.linkerd.io annotations of Services and of HTTPRoutes and GRPCRoutes. They fill in what the
/// resources themselves leave open: a route's own retry or timeouts, a DestinationRule's outlierDetection, VirtualServices and ServiceProfiles come
/// first. A value that cannot be read has no effect, and a finding says so.
/// </summary>
internal static class LinkerdAnnotations
{
    private const string Response = "timeout.linkerd.io/response";
    private const string Accrue = "balancer.linkerd.io/failure-accrual";

    /// <summary>Failure accrual of the Service; null: none.</summary>
    public static OutlierDetection? Accrual(MeshIndex index, RouteTarget target) =>
        index.Services.Find(target.Object) is { } service ? Accrual(new Annotations(service.Meta, null)) : null;

    /// <summary>
    /// A rule with what the annotations of its route, then of the service, say: each timeout by itself, retries together, as Linkerd inherits them.
    /// </summary>
    public static HttpRule Apply(HttpRule rule, SourceMeta? route, SourceMeta? service) =>
        Merged(route is not null && Any(route) ? route : null, service is not null && Any(service) ? service : null) is { } meta ? Apply(rule, new Annotations(meta, null)) : rule;

    public static bool Any(SourceMeta meta) => meta.Annotations.Keys.Any(static a => IsOfRequests(a));

    /// <summary>Reads everything, for what it says of values that cannot be read.</summary>
    internal static void Check(Annotations all, bool ofRoute)
    {
        if (!ofRoute)
        {
            Accrual(all);
        }

        Apply(new HttpRule { Origin = new RouteOrigin("", "", "", 0), Action = new RouteAction.Fail(500, "") }, all);
    }

    internal static bool IsOfRequests(string annotation) => IsRetry(annotation) || annotation.StartsWith("timeout.linkerd.io/", StringComparison.Ordinal);

    private static bool IsRetry(string annotation) => annotation.StartsWith("retry.linkerd.io/", StringComparison.Ordinal);

    private static SourceMeta? Merged(SourceMeta? route, SourceMeta? service)
    {
        if (route is null || service is null)
        {
            return route ?? service;
        }

        bool retries = route.Annotations.Keys.Any(IsRetry);
        var all = service.Annotations.Where(a => IsOfRequests(a.Key) && !(retries && IsRetry(a.Key))).ToDictionary(static a => a.Key, static a => a.Value);
        foreach (var (name, value) in route.Annotations)
        {
            all[name] = value;
        }

        return route with { Annotations = all };
    }

    private static HttpRule Apply(HttpRule rule, Annotations of)
    {
        var retry = rule.Retry is null or { Attempts: 0, PerTryTimeout: not null } ? Retry(of) : null;
        return rule with
        {
            Timeout = rule.Timeout ?? of.Duration("timeout.linkerd.io/request"),
            Retry = retry is null ? rule.Retry ?? PerTry(of) : retry with { PerTryTimeout = rule.Retry?.PerTryTimeout ?? retry.PerTryTimeout },
        };
    }

    /// <summary>timeout.linkerd.io/response bounds one attempt, and ends the request with it.</summary>
    private static RetryPolicy? PerTry(Annotations of) =>
        of.Duration(Response) is { } response ? Routing.Resilience.RetryDecision.Default with { PerTryTimeout = response, AfterTimeout = false } : null;

    private static RetryPolicy? Retry(Annotations of)
    {
        var (http, codes) = Http(of);
        RetryOn grpc = Grpc(of);
        int attempts = of.Whole("retry.linkerd.io/limit", 0, 1000) ?? 1;
        var (tried, response) = (of.Duration("retry.linkerd.io/timeout"), of.Duration(Response));
        bool final = response is { } && (tried is null || response < tried);
        return http == RetryOn.None && grpc == RetryOn.None && codes.IsEmpty && tried is null ? null : new RetryPolicy
        {
            On = http | grpc | RetryOn.ConnectFailure | RetryOn.RefusedStream | (codes.IsEmpty ? RetryOn.None : RetryOn.StatusCodes),
            Codes = codes,
            Attempts = attempts,
            PerTryTimeout = final ? response : tried,
            AfterTimeout = tried is null && response is null ? null : !final,
            Budget = RetryBudget.Default,
        };
    }

    /// <summary><c>5xx</c>, <c>gateway-error</c>, codes and ranges <c>500-504</c>.</summary>
    private static (RetryOn On, ImmutableArray<int> Codes) Http(Annotations of)
    {
        var on = RetryOn.None;
        var codes = new SortedSet<int>();
        foreach (string word in of.Words("retry.linkerd.io/http"))
        {
            string[] ends = word.Split('-');
            if (word is "5xx" or "gateway-error")
            {
                on |= word == "5xx" ? RetryOn.ServerError : RetryOn.GatewayError;
            }
            else if (ends.Length <= 2 && int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first) && int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int last)
                && first is >= 100 and < 600 && last is >= 100 and < 600 && first <= last)
            {
                codes.UnionWith(Enumerable.Range(first, last - first + 1));
            }
            else
            {
                of.Wrong("retry.linkerd.io/http", $"'{RouteFields.Shortened(word)}' is none of 5xx, gateway-error, a status, a range such as 500-504");
            }
        }

        return (on, [.. codes]);
    }

    private static RetryOn Grpc(Annotations of)
    {
        var on = RetryOn.None;
        foreach (string word in of.Words("retry.linkerd.io/grpc"))
        {
            RetryOn one = word switch
            {
                "cancelled" => RetryOn.GrpcCancelled,
                "deadline-exceeded" => RetryOn.GrpcDeadlineExceeded,
                "internal" => RetryOn.GrpcInternal,
                "resource-exhausted" => RetryOn.GrpcResourceExhausted,
                "unavailable" => RetryOn.GrpcUnavailable,
                _ => RetryOn.None,
            };
            on |= one;
            if (one == RetryOn.None)
            {
                of.Wrong("retry.linkerd.io/grpc", $"'{RouteFields.Shortened(word)}' is none of cancelled, deadline-exceeded, internal, resource-exhausted, unavailable");
            }
        }

        return on;
    }

    private static OutlierDetection? Accrual(Annotations of)
    {
        string mode = of.Text(Accrue);
        if (mode is not ("consecutive" or "unified"))
        {
            if (mode.Length > 0)
            {
                of.Wrong(Accrue, $"'{RouteFields.Shortened(mode)}' is not one of consecutive, unified");
            }

            return null;
        }

        var outlier = new OutlierDetection
        {
            Consecutive5xx = of.Whole($"{Accrue}-consecutive-max-failures", 1, 1000) ?? 7,
            BaseEjectionTime = of.Duration($"{Accrue}-consecutive-min-penalty") ?? TimeSpan.FromSeconds(1),
            MaxEjectionTime = of.Duration($"{Accrue}-consecutive-max-penalty") ?? TimeSpan.FromMinutes(1),
            Jitter = of.Real($"{Accrue}-consecutive-jitter-ratio", 0, 1) ?? 0.5,
            Interval = TimeSpan.FromSeconds(1),
            Exponential = true,
            MaxEjectionPercent = 100,
        };
        return mode == "unified" ? outlier with { MinSuccessRate = 0.8 } : outlier;
    }
}
