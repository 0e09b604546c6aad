using System.Collections.Immutable;
using Ambient.Compile.Reports;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Routes.Linkerd;

/// <summary>What people are told about Linkerd's annotations: values that cannot be read, names that mean nothing here, and places where they have no effect.</summary>
internal static class LinkerdFindings
{
    private const string Balancer = "balancer.linkerd.io/";
    private const string Accrual = "balancer.linkerd.io/failure-accrual";
    private const string Idle = "timeout.linkerd.io/idle";

    private static readonly string[] OfRequests =
        ["retry.linkerd.io/http", "retry.linkerd.io/grpc", "retry.linkerd.io/limit", "retry.linkerd.io/timeout", "timeout.linkerd.io/request", "timeout.linkerd.io/response"];

    private static readonly string[] OfBalancer =
    [
        Accrual, $"{Accrual}-consecutive-max-failures", $"{Accrual}-consecutive-min-penalty", $"{Accrual}-consecutive-max-penalty", $"{Accrual}-consecutive-jitter-ratio",
    ];

    public static ImmutableArray<Finding> OfService(SourceMeta meta) => Of(meta, ofRoute: false, attached: true);

    /// <param name="attached">To a Service or ServiceEntry: only there a route's annotations mean anything.</param>
    public static ImmutableArray<Finding> OfRoute(SourceMeta meta, bool attached) => Of(meta, ofRoute: true, attached);

    private static ImmutableArray<Finding> Of(SourceMeta meta, bool ofRoute, bool attached)
    {
        string[] written = [.. meta.Annotations.Keys.Where(static a => LinkerdAnnotations.IsOfRequests(a) || a.StartsWith(Balancer, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        if (written.Length == 0)
        {
            return [];
        }

        var problems = new RouteProblems(meta);
        var annotations = new Annotations(meta, problems);
        foreach (string name in written)
        {
            if (WhyNot(name, written, ofRoute, attached) is { } why)
            {
                annotations.Wrong(name, why);
            }
        }

        LinkerdAnnotations.Check(annotations, ofRoute);
        return [.. problems.Warnings.Distinct()];
    }

    private static string? WhyNot(string name, string[] written, bool ofRoute, bool attached) =>
        name == Idle ? "streams that are silent are not ended here; a DestinationRule's connectionPool.http.idleTimeout ends connections that nobody uses"
        : name.StartsWith(Balancer, StringComparison.Ordinal) ? ofRoute ? "belongs on the Service"
            : !OfBalancer.Contains(name) ? $"is none of {string.Join(", ", OfBalancer)}"
            : name != Accrual && !written.Contains(Accrual) ? $"says how {Accrual} works, which is not there"
            : null
        : !OfRequests.Contains(name) ? $"is none of {string.Join(", ", OfRequests)}"
        : !attached ? "the route is attached to Gateways only, where routes speak by their own fields (timeouts, retry)"
        : name == "retry.linkerd.io/limit" && !written.Any(static w => w is "retry.linkerd.io/http" or "retry.linkerd.io/grpc" or "retry.linkerd.io/timeout")
            ? "says how often, and nothing says after what: write retry.linkerd.io/http, grpc or timeout as well"
        : null;
}
