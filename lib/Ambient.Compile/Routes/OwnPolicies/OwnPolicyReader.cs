using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Compile.Reports;
using Ambient.Compile.Routes.HttpRoutes;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;
using Ambient.Resources.AmbientApi;
using Ambient.Resources.Schemas;

namespace Ambient.Compile.Routes.OwnPolicies;

/// <summary>
/// RateLimitPolicy and BackendPolicy as JSON. A field that is not known refuses the whole: a misspelt <c>header</c> would make one bucket of many.
/// </summary>
internal static class OwnPolicyReader
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(1);

    public static OwnPolicySource Read(JsonObject manifest, SourceMeta meta, OwnPolicySource? old)
    {
        var problems = new RouteProblems(meta);
        bool limits = meta.Key.Kind == RouteKind.RateLimitPolicy;
        IReadOnlyList<FieldProblem> wrong = problems.Try(() => Checked(manifest["spec"], limits)) ?? [];
        foreach (var problem in wrong)
        {
            problems.Error(problem.Path, problem.Message, problem.Kind == FieldProblemKind.Unknown ? FindingCodes.UnknownField : FindingCodes.InvalidField);
        }

        var spec = new JsonView(manifest, "")["spec"];
        var read = problems.HasErrors ? null : problems.Try(() => limits ? Limits(spec, meta, problems) : Backend(spec, meta, problems));
        return problems.HasErrors
            ? (old ?? new OwnPolicySource(meta, [], [], null, null, [])) with
            {
                Meta = meta,
                Refusal = new Refusal(meta.Generation, problems.Errors, "Invalid", old is { Targets.IsEmpty: false }),
                Notes = problems.Warnings,
            }
            : read! with { Notes = problems.Warnings };
    }

    private static IReadOnlyList<FieldProblem> Checked(JsonNode? spec, bool limits)
    {
        try
        {
            return limits ? ResourceReader.Check<RateLimitPolicySpec>(spec) : ResourceReader.Check<BackendPolicySpec>(spec);
        }
        catch (Exception e) when (JsonView.IsUnreadable(e))
        {
            throw new FieldException("spec", JsonView.NotText);
        }
    }

    private static OwnPolicySource Limits(JsonView spec, SourceMeta meta, RouteProblems problems)
    {
        var targets = Targets(spec, meta, problems, limits: true);
        var limits = spec.List("limits").Select((l, i) => problems.Try(() => Limit(l, i, meta, spec.Text("scope") == "SHARED"))).OfType<RateLimit>().ToImmutableArray();
        if (limits.IsEmpty && !problems.HasErrors)
        {
            problems.Error("spec.limits", "is required: at least one limit");
        }

        return new OwnPolicySource(meta, targets, limits, null, null, []);
    }

    private static RateLimit Limit(JsonView l, int at, SourceMeta meta, bool shared)
    {
        var by = l.Text("by") switch
        {
            "" when l["header"].Exists => RateLimitKey.Header,
            "" or "ALL" => RateLimitKey.All,
            "CALLER" => RateLimitKey.Caller,
            "SOURCE_ADDRESS" => RateLimitKey.SourceAddress,
            _ => RateLimitKey.Header,
        };
        if (l["header"].Exists != (by == RateLimitKey.Header))
        {
            throw new FieldException($"{l.Path}.header", by == RateLimitKey.Header ? "is required with by: HEADER" : $"has no meaning with by: {l.Text("by")}");
        }

        int requests = l.Whole("requests", 1, 1_000_000_000, 0);
        TimeSpan interval = l.Duration("interval") ?? TimeSpan.Zero;
        return interval <= TimeSpan.Zero || interval > LongestInterval
            ? throw new FieldException($"{l.Path}.interval", $"must be more than 0s and at most {GoDuration.Format(LongestInterval)}")
            : new RateLimit
            {
                Origin = new RouteOrigin(meta.Kind, meta.Namespace, meta.Name, at),
                Tokens = requests,
                Interval = interval,
                Burst = l.Whole("burst", 1, 1_000_000_000, requests),
                Shared = shared,
                By = by,
                Header = by == RateLimitKey.Header ? RouteFields.HeaderName(l.Text("header"), $"{l.Path}.header") : "",
                Matches = l["matches"].Exists ? RouteMatchReader.Http(l) : [],
            };
    }

    private static OwnPolicySource Backend(JsonView spec, SourceMeta meta, RouteProblems problems)
    {
        var targets = Targets(spec, meta, problems, limits: false);
        var check = spec["healthCheck"];
        return new OwnPolicySource(meta, targets, [], new BackendSettings(
            check.Exists ? problems.Try(() => HealthCheck(check)) : null,
            spec.Percent("panicThreshold"),
            spec.Text("balancer") switch
            {
                "LEAST_REQUEST" => LoadBalancerKind.LeastRequest,
                "ROUND_ROBIN" => LoadBalancerKind.RoundRobin,
                "RANDOM" => LoadBalancerKind.Random,
                "PEAK_EWMA" => LoadBalancerKind.PeakEwma,
                "RING_HASH" => LoadBalancerKind.RingHash,
                "MAGLEV" => LoadBalancerKind.Maglev,
                _ => null,
            }), null, []);
    }

    private static HealthCheck HealthCheck(JsonView c)
    {
        var none = new HealthCheck();
        string path = c.Text("path");
        TimeSpan interval = c.Duration("interval") ?? none.Interval;
        TimeSpan timeout = c.Duration("timeout") ?? none.Timeout;
        return path.Length > 0 && (path[0] != '/' || path.Any(static ch => ch is <= ' ' or >= '\u007f')) ? throw new FieldException($"{c.Path}.path", "must begin with / and be plain ASCII")
            : interval < TimeSpan.FromSeconds(1) || interval > LongestInterval ? throw new FieldException($"{c.Path}.interval", "must be at least 1s and at most 24h0m0s")
            : timeout <= TimeSpan.Zero || timeout > interval ? throw new FieldException($"{c.Path}.timeout", $"must be more than 0s and at most the interval ({GoDuration.Format(interval)})")
            : new HealthCheck
            {
                Path = path.Length > 0 ? path : null,
                Interval = interval,
                Timeout = timeout,
                HealthyThreshold = c.Whole("healthyThreshold", 1, 100, none.HealthyThreshold),
                UnhealthyThreshold = c.Whole("unhealthyThreshold", 1, 100, none.UnhealthyThreshold),
            };
    }

    private static ImmutableArray<ObjectKey> Targets(JsonView spec, SourceMeta meta, RouteProblems problems, bool limits)
    {
        var targets = ImmutableArray.CreateBuilder<ObjectKey>();
        foreach (var t in spec.List("targetRefs"))
        {
            string kind = (t.Text("group"), t.Text("kind")) switch
            {
                ("", "Service") => KnownKinds.Service,
                ("networking.istio.io", "ServiceEntry") => KnownKinds.ServiceEntry,
                ("gateway.networking.k8s.io", "Gateway") when limits => KnownKinds.Gateway,
                ("networking.istio.io", "Gateway") when limits => "networking.istio.io/Gateway",
                ("gateway.networking.k8s.io", "HTTPRoute") when limits => KnownKinds.HttpRoute,
                ("gateway.networking.k8s.io", "GRPCRoute") when limits => KnownKinds.GrpcRoute,
                ("networking.istio.io", "VirtualService") when limits => RouteKind.VirtualService,
                _ => "",
            };
            if (kind.Length == 0)
            {
                problems.Error($"{t.Path}.kind", $"'{RouteFields.Shortened(t.Text("group"))}/{RouteFields.Shortened(t.Text("kind"))}' cannot be a target; use a Service (group \"\"), ServiceEntry (networking.istio.io)"
                    + (limits ? ", HTTPRoute, GRPCRoute or Gateway (gateway.networking.k8s.io), VirtualService or Gateway (networking.istio.io)" : ""));
                continue;
            }

            targets.Add(new ObjectKey(kind, meta.Namespace, t.Text("name")));
        }

        if (targets.Count == 0 && !problems.HasErrors)
        {
            problems.Error("spec.targetRefs", "is required: at least one target");
        }

        return [.. targets.Distinct()];
    }
}
