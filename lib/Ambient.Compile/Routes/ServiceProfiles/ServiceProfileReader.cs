using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Ambient.Compile.Reports;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;
using Ambient.Resources.Linkerd;
using Ambient.Resources.Schemas;

namespace Ambient.Compile.Routes.ServiceProfiles;

/// <summary>
/// ServiceProfile (linkerd.io v1alpha1, v1alpha2) as JSON. Of <c>retries</c>, which Linkerd's own type does not have, <c>limit</c> is the number of
/// further attempts and <c>timeout</c> the time for each attempt; <c>isRetryable</c> alone is one further attempt within the budget.
/// </summary>
internal static class ServiceProfileReader
{
    public const int MaxRoutes = 4096;

    private static readonly RouteAction.Fail Unresolved = new(503, "the destinations are not resolved");

    public static ServiceProfileSource Read(JsonObject manifest, SourceMeta meta, string clusterDomain, ServiceProfileSource? old)
    {
        var problems = new RouteProblems(meta);
        var read = problems.Try(() => Read(new JsonView(manifest, "")["spec"], meta, clusterDomain, problems));
        foreach (var unknown in ResourceReader.Check<ServiceProfileSpec>(manifest["spec"]).Where(static p => p.Kind == FieldProblemKind.Unknown))
        {
            problems.Warn(FindingCodes.UnknownField, unknown.Path, unknown.Message);
        }

        string host = RouteHosts.Full(meta.Name, meta.Namespace, clusterDomain);
        return problems.HasErrors
            ? (old ?? new ServiceProfileSource(meta, host, [], [], null, [])) with
            {
                Meta = meta,
                Refusal = new Refusal(meta.Generation, problems.Errors, "Invalid", old is { Refusal: null } or { Refusal.LastGoodInForce: true }),
                Notes = problems.Warnings,
            }
            : read! with { Notes = problems.Warnings };
    }

    private static ServiceProfileSource Read(JsonView spec, SourceMeta meta, string clusterDomain, RouteProblems problems)
    {
        var budget = Budget(spec["retryBudget"]);
        var views = spec.List("routes").ToList();
        if (views.Count > MaxRoutes)
        {
            throw new FieldException("spec.routes", $"has {views.Count} routes, at most {MaxRoutes} are allowed");
        }

        var overrides = spec.List("dstOverrides").Select(d => Override(d, meta, clusterDomain)).ToImmutableArray();
        if (overrides.Length > 1 && overrides.Sum(static o => (long)o.Weight) == 0)
        {
            problems.Error("spec.dstOverrides", "weights sum to 0; give at least one destination a weight over 0");
        }

        return new ServiceProfileSource(
            meta,
            RouteHosts.Full(meta.Name, meta.Namespace, clusterDomain),
            [.. views.Select((v, i) => problems.Try(() => Rule(v, i, meta, budget, problems))).OfType<HttpRule>()],
            overrides,
            null,
            []);
    }

    private static HttpRule? Rule(JsonView r, int at, SourceMeta meta, RetryBudget budget, RouteProblems problems)
    {
        var matches = ProfileConditions.Of(r["condition"].Exists ? r["condition"] : throw new FieldException($"{r.Path}.condition", "is required"));
        if (matches.IsEmpty)
        {
            problems.Warn(FindingCodes.RouteNeverReached, $"{r.Path}.condition", "no request can fit it");
            return null;
        }

        var retries = r["retries"];
        int attempts = retries["limit"].Exists ? retries.Whole("limit", 0, 1000, 0) : retries.Exists || r.Flag("isRetryable") ? 1 : 0;
        bool asked = r.Flag("isRetryable");
        return new HttpRule
        {
            Origin = new RouteOrigin(meta.Kind, meta.Namespace, meta.Name, at, r.Text("name") is { Length: > 0 } name ? name : null),
            Matches = matches,
            Action = Unresolved,
            Timeout = r.Duration("timeout") is { Ticks: > 0 } timeout ? timeout : null,
            Retry = attempts == 0 ? RetryPolicy.Off : new RetryPolicy
            {
                Attempts = attempts,
                // Who writes retries for a route says that it may be sent again, whatever its method.
                On = asked || retries["limit"].Exists ? RetryOn.ServerError | RetryOn.ConnectFailure | RetryOn.RefusedStream : RetryOn.None,
                PerTryTimeout = retries.Duration("timeout") is { Ticks: > 0 } perTry ? perTry : null,
                Budget = budget,
            },
            ResponseClasses = [.. r.List("responseClasses").SelectMany(ProfileResponses.Of)],
        };
    }

    private static RetryBudget Budget(JsonView b) => !b.Exists ? RetryBudget.Default : new RetryBudget(
        b.Real("retryRatio") ?? RetryBudget.Default.Ratio, b.Real("minRetriesPerSecond") ?? RetryBudget.Default.MinPerSecond, b.Duration("ttl") ?? RetryBudget.Default.Window);

    /// <summary><c>authority</c> is a host, perhaps with a port.</summary>
    private static WrittenDestination Override(JsonView d, SourceMeta meta, string clusterDomain)
    {
        string authority = d.Text("authority");
        int colon = authority.LastIndexOf(':');
        int port = colon > 0 && int.TryParse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int written) ? written : 0;
        string host = colon > 0 ? authority[..colon] : authority;
        return RouteHosts.IsValid(host) && port is >= 0 and <= 65535
            ? new WrittenDestination(d.Path, RouteHosts.Full(host, meta.Namespace, clusterDomain), null, port)
            {
                Weight = WrittenQuantity.Thousandths(d["weight"].Node) is { } weight ? (uint)weight : throw new FieldException($"{d.Path}.weight", "is no quantity"),
            }
            : throw new FieldException($"{d.Path}.authority", $"'{RouteFields.Shortened(authority)}' is not a host");
    }
}
