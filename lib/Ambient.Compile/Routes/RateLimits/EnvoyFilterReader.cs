using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.RateLimits;

/// <summary>
/// EnvoyFilter → what there is of it without Envoy: the HTTP filter envoy.filters.http.local_ratelimit on inbound requests
/// (envoy/extensions/filters/http/local_ratelimit/v3). A filter with anything else is refused whole: half of it would be something that nobody wrote.
/// </summary>
internal static class EnvoyFilterReader
{
    private const string Type = "type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit";

    public static EnvoyFilterSource Read(JsonObject manifest, SourceMeta meta, EnvoyFilterSource? old)
    {
        var problems = new RouteProblems(meta);
        var read = problems.Try(() => Read(new JsonView(manifest, "")["spec"], meta));
        return problems.HasErrors
            ? (old ?? new EnvoyFilterSource(meta, null, [], [], null)) with
            {
                Meta = meta,
                Refusal = new Refusal(meta.Generation, problems.Errors, "UnsupportedValue", old is { Limits.IsEmpty: false }),
            }
            : read!;
    }

    private static EnvoyFilterSource Read(JsonView spec, SourceMeta meta)
    {
        var selector = spec["workloadSelector"]["labels"].Exists ? spec["workloadSelector"].Map("labels") : null;
        var services = spec.List("targetRefs").Select(t => t.Text("kind") == "Service" && t.Text("group").Length == 0
            ? t.Text("name")
            : throw new FieldException($"{t.Path}.kind", "is supported for a Service only; limit a Gateway by a RateLimitPolicy")).ToImmutableArray();
        return new EnvoyFilterSource(
            meta, selector is { Count: > 0 } ? selector : null, services, [.. spec.List("configPatches").Select((p, i) => Patch(p, i, meta))], null);
    }

    private static RateLimit Patch(JsonView p, int at, SourceMeta meta)
    {
        string apply = p.Text("applyTo");
        if (apply != "HTTP_FILTER")
        {
            throw new FieldException($"{p.Path}.applyTo", $"{RouteFields.Shortened(apply)} has no meaning here, since there is no Envoy; {Instead(apply)}");
        }

        string context = p["match"].Text("context");
        if (context is not ("" or "ANY" or "SIDECAR_INBOUND"))
        {
            throw new FieldException($"{p.Path}.match.context", $"{RouteFields.Shortened(context)} is not supported; limits count requests that come in (SIDECAR_INBOUND)");
        }

        var patch = p["patch"];
        if (patch.Text("operation") is var operation && operation is not ("INSERT_BEFORE" or "INSERT_FIRST" or "INSERT_AFTER" or "ADD"))
        {
            throw new FieldException($"{patch.Path}.operation", $"{RouteFields.Shortened(operation)} is not supported; use INSERT_BEFORE");
        }

        var config = patch["value"]["typed_config"];
        string type = config.Text("@type");
        bool wrapped = type.EndsWith(".TypedStruct", StringComparison.Ordinal);
        if ((wrapped ? config.Text("type_url") : type) != Type)
        {
            throw new FieldException(
                $"{config.Path}.@type", $"only the local rate limit is understood ({Type}); use an AuthorizationPolicy, a VirtualService or a RateLimitPolicy for what this filter is for");
        }

        return Limit(wrapped ? config["value"] : config, new RouteOrigin(meta.Kind, meta.Namespace, meta.Name, at));
    }

    private static RateLimit Limit(JsonView c, RouteOrigin origin)
    {
        var bucket = c["token_bucket"];
        if (c["descriptors"].Exists || c["rate_limits"].Exists || c["stages"].Exists)
        {
            throw new FieldException(c.Path, "limits by descriptors are not supported; use a RateLimitPolicy with by: HEADER or by: CALLER");
        }

        int burst = bucket.Whole("max_tokens", 1, int.MaxValue, 0);
        return burst == 0 ? throw new FieldException($"{bucket.Path}.max_tokens", "is required") : new RateLimit
        {
            Origin = origin,
            Burst = burst,
            Tokens = bucket.Whole("tokens_per_fill", 1, int.MaxValue, 1),
            Interval = bucket.Duration("fill_interval") is { Ticks: > 0 } interval ? interval : throw new FieldException($"{bucket.Path}.fill_interval", "is required"),
            FillAtOnce = true,
            PerEndpoint = true,
            // Left out both are 0 %, as in Envoy.
            EnabledPercentage = Fraction(c["filter_enabled"]["default_value"]),
            EnforcedPercentage = Fraction(c["filter_enforced"]["default_value"]),
            Status = Status(c["status"]),
            ResponseHeaders = new HeaderChange
            {
                Add = [.. c.List("response_headers_to_add").Select(static h => new HeaderValue(
                    RouteFields.HeaderName(h["header"].Text("key"), $"{h.Path}.header.key"), RouteFields.HeaderText(h["header"].Text("value"), $"{h.Path}.header.value")))],
            },
        };
    }

    /// <summary>Envoy's StatusCode: a number, or its name.</summary>
    private static int Status(JsonView s) => s["code"].Node?.GetValueKind() == JsonValueKind.String && Enum.TryParse(s.Text("code"), out HttpStatusCode named) && (int)named is >= 400 and < 600
        ? (int)named
        : s.Whole("code", 400, 599, 429);

    private static double Fraction(JsonView f) => f.Whole("numerator", 0, 1_000_000, 0) * 100.0 / f.Text("denominator") switch
    {
        "" or "HUNDRED" => 100,
        "TEN_THOUSAND" => 10_000,
        "MILLION" => 1_000_000,
        var other => throw new FieldException($"{f.Path}.denominator", $"'{RouteFields.Shortened(other)}' is not one of HUNDRED, TEN_THOUSAND, MILLION"),
    };

    private static string Instead(string apply) => apply switch
    {
        "CLUSTER" => "say it in a DestinationRule",
        "HTTP_ROUTE" or "VIRTUAL_HOST" or "ROUTE_CONFIGURATION" => "say it in a VirtualService or an HTTPRoute",
        "LISTENER" or "FILTER_CHAIN" or "NETWORK_FILTER" or "LISTENER_FILTER" => "say it in a Gateway or a DestinationRule",
        _ => "say it in a VirtualService, a DestinationRule or a RateLimitPolicy",
    };
}
