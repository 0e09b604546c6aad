using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;
using Ambient.Routing.Resilience;

namespace Ambient.Compile.Routes.HttpRoutes;

/// <summary>Rules of HTTPRoute and GRPCRoute (gateway.networking.k8s.io, every version) as JSON.</summary>
internal static class HttpRouteReader
{
    private static readonly RouteAction.Fail NoBackend = new(500, "the rule has no valid backend");

    public static HttpRouteSource Read(JsonObject manifest, SourceMeta meta, string clusterDomain, HttpRouteSource? old)
    {
        var problems = new RouteProblems(meta);
        var spec = new JsonView(manifest, "")["spec"];
        var rules = (problems.Try(() => spec.List("rules").ToList()) ?? [])
            .Select((r, i) => problems.Try(() => Rule(r, i, meta, clusterDomain))).OfType<WrittenRouteRule>().ToImmutableArray();
        bool incompatible = problems.HasErrors && problems.Try(() => spec.List("rules").Any(RouteFilters.AreIncompatible));
        return problems.HasErrors
            ? new HttpRouteSource(meta, old?.Rules ?? [Refused(meta)], new Refusal(meta.Generation, problems.Errors, incompatible ? "IncompatibleFilters" : "UnsupportedValue", old is { Refusal: null } or { Refusal.LastGoodInForce: true }))
            : new HttpRouteSource(meta, rules, null);
    }

    private static WrittenRouteRule Refused(SourceMeta meta) => new(
        new HttpRule
        {
            Origin = new RouteOrigin(meta.Kind, meta.Namespace, meta.Name, 0),
            Matches = [new HttpMatch { Path = new PathMatch(PathMatchKind.SegmentPrefix, "/") }],
            Action = new RouteAction.Fail(500, $"{meta.Kind} {meta.Namespace}/{meta.Name} is refused; see its status"),
        },
        [], [], []);

    private static WrittenRouteRule Rule(JsonView r, int at, SourceMeta meta, string clusterDomain)
    {
        var filters = new RouteFilters(b => BackendDestination.Of(b, meta, clusterDomain));
        filters.Read(r);
        var views = r.List("backendRefs").ToList();
        if (views is [var only])
        {
            filters.ReadOf(only);
        }

        var backends = views.Select(b => Backend(b, meta, clusterDomain, views.Count == 1)).ToList();
        bool none = backends.Count > 1 && backends.Sum(static b => (long)b.Destination.Weight) == 0;
        RouteAction action = filters.Unknown is { } unknown ? new RouteAction.Fail(500, unknown)
            : filters.Redirect is { } redirect ? new RouteAction.Redirect(redirect)
            : none ? new RouteAction.Fail(500, "the weights of the rule's backends sum to 0")
            : backends is [{ Destination.Weight: 0 }] ? new RouteAction.Fail(500, "the rule's only backend has weight 0")
            : NoBackend;
        var timeouts = r["timeouts"];
        if (timeouts.Duration("request") is { Ticks: > 0 } whole && timeouts.Duration("backendRequest") is { } each && each > whole)
        {
            throw new FieldException($"{r.Path}.timeouts.backendRequest", "is longer than request");
        }

        if (filters.ReplacesPrefix && r.List("matches").Any(static m => m["path"]["type"].Text() is not (null or "PathPrefix")))
        {
            throw new FieldException($"{r.Path}.filters", "ReplacePrefixMatch needs matches of type PathPrefix alone: others have no prefix to replace");
        }

        var rule = new HttpRule
        {
            Origin = new RouteOrigin(meta.Kind, meta.Namespace, meta.Name, at, r.Text("name") is { Length: > 0 } name ? name : null),
            Matches = meta.Kind == "GRPCRoute" ? RouteMatchReader.Grpc(r) : RouteMatchReader.Http(r),
            Action = action,
            Rewrite = filters.Rewrite,
            RequestHeaders = filters.RequestHeaders,
            ResponseHeaders = filters.ResponseHeaders,
            Timeout = timeouts.Duration("request") is { Ticks: > 0 } timeout ? timeout : null,
            Retry = Retry(r["retry"], timeouts.Duration("backendRequest") is { Ticks: > 0 } perTry ? perTry : null),
            Cors = filters.Cors,
        };
        return new WrittenRouteRule(
            rule, ReferenceEquals(action, NoBackend) ? [.. backends.Select(static b => b.Destination)] : [], [.. backends.Select(static b => b.Rewrite)], [.. filters.Mirrors])
        {
            Grpc = meta.Kind == "GRPCRoute" ? RouteMatchReader.Lengths(r) : [],
            Unusable = [.. backends.Select(static b => b.Unknown)],
        };
    }

    /// <param name="alone">The rule's only backend: what of its filters is not about one backend has been read as the rule's.</param>
    private static (WrittenDestination Destination, UrlRewrite? Rewrite, string? Unknown) Backend(JsonView b, SourceMeta meta, string clusterDomain, bool alone)
    {
        var filters = new RouteFilters(m => BackendDestination.Of(m, meta, clusterDomain));
        filters.Read(b);
        return (BackendDestination.Of(b, meta, clusterDomain) with
        {
            Weight = (uint)b.Whole("weight", 0, 1_000_000, 1),
            RequestHeaders = filters.RequestHeaders,
            ResponseHeaders = filters.ResponseHeaders,
        }, filters.Rewrite, alone ? null : filters.Unknown
            ?? (filters.Redirect is not null || filters.Mirrors.Count > 0 || filters.Cors is not null ? "redirects, mirrors and cross-origin rules of one backend among several are not supported" : null));
    }

    private static RetryPolicy? Retry(JsonView r, TimeSpan? perTry) => !r.Exists
        ? perTry is null ? null : RetryDecision.Default with { PerTryTimeout = perTry }
        : new RetryPolicy
        {
            Attempts = r.Whole("attempts", 0, 1000, 1),
            Codes = [.. r.List("codes").Select(static c => int.TryParse(c.Node?.ToString(), out int code) && code is >= 400 and < 600 ? code : throw new FieldException(c.Path, "is not a status from 400 to 599"))],
            // What is safe for the method, and the codes: HTTPRouteRetry asks for no more.
            On = RetryOn.None,
            PerTryTimeout = perTry,
            BackoffBase = r.Duration("backoff") is { Ticks: > 0 } backoff ? backoff : RetryPolicy.Off.BackoffBase,
        };
}
