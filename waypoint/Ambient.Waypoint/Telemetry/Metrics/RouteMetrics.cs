using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Ambient.Core.Routes;
using Ambient.Proxy.Telemetry;
using Ambient.Waypoint.Requests;

namespace Ambient.Waypoint.Telemetry.Metrics;

/// <summary>Our own counters by rule of a route. Series are bounded; what is beyond counts as of no route.</summary>
internal sealed class RouteMetrics
{
    private const int MaxSeries = 5_000;

    private readonly ConcurrentDictionary<RouteName, RouteSeries> _series = [];
    private readonly RouteSeries _overflow = new();

    // The one origin of each content: a change of routes makes new objects of the same.
    private readonly ConcurrentDictionary<RouteOrigin, RouteOrigin> _origins = [];
    private readonly ConditionalWeakTable<RouteOrigin, RouteOrigin> _known = [];

    internal void Count(RequestRecord record, ServiceName service) =>
        Series(new RouteName(record.Route is { } route ? _known.TryGetValue(route, out RouteOrigin? known) ? known : Learn(route) : null, service)).Count(record);

    internal void Render(PrometheusText text)
    {
        (string Labels, RouteSeries Series)[] all = [.. _series.Select(static s => (Labels(s.Key), s.Value)), .. Overflow()];
        text.Family("ambient_route_requests_total", "counter", "Requests by the rule of the route that took them.");
        foreach ((string labels, RouteSeries series) in all)
        {
            for (int digit = 0; digit < 6; digit++)
            {
                if (series.OfClass(digit) is > 0 and var count)
                {
                    string name = digit == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"{digit}xx");
                    text.Sample("ambient_route_requests_total", $"{labels},{PrometheusText.Labels(("response_code_class", name))}", count);
                }
            }
        }

        Counter(text, all, "ambient_route_retries_total", "Attempts after the first.", static s => s.Retries);
        Counter(text, all, "ambient_route_retry_budget_spent_total", "Requests that were not retried because the budget had nothing left.", static s => s.BudgetSpent);
        Counter(text, all, "ambient_route_mirrored_requests_total", "Copies sent to mirrors.", static s => s.Mirrors);
        Counter(text, all, "ambient_route_fault_delays_total", "Requests delayed by a fault that the route asks for.", static s => s.Delays);
        Counter(text, all, "ambient_route_fault_aborts_total", "Requests aborted by a fault that the route asks for.", static s => s.Aborts);
        Counter(text, all, "ambient_route_rate_limited_total", "Requests answered with 429 by a rate limit.", static s => s.RateLimited);
    }

    private RouteOrigin Learn(RouteOrigin route)
    {
        RouteOrigin one = _origins.Count >= MaxSeries ? route : _origins.GetOrAdd(route, route);
        _known.AddOrUpdate(route, one);
        return one;
    }

    private RouteSeries Series(in RouteName name) =>
        _series.TryGetValue(name, out RouteSeries? series) ? series
        : _series.Count >= MaxSeries ? _overflow
        : _series.GetOrAdd(name, static _ => new RouteSeries());

    private IEnumerable<(string, RouteSeries)> Overflow() =>
        Enumerable.Range(0, 6).Any(c => _overflow.OfClass(c) > 0) ? [(Labels(new RouteName(new RouteOrigin("overflow", "", "", 0), ServiceName.Unknown)), _overflow)] : [];

    private static string Labels(RouteName name) => PrometheusText.Labels(
        ("route_kind", name.Route?.Kind ?? "none"),
        ("route_namespace", name.Route?.Namespace ?? ""),
        ("route_name", name.Route?.Name ?? ""),
        ("route_rule", name.Route?.Rule ?? ""),
        ("destination_service", name.Service.Host.Length > 0 ? name.Service.Host : "unknown"));

    private static void Counter(PrometheusText text, (string Labels, RouteSeries Series)[] all, string name, string help, Func<RouteSeries, long> value)
    {
        text.Family(name, "counter", help);
        foreach ((string labels, RouteSeries series) in all)
        {
            if (value(series) is > 0 and var count)
            {
                text.Sample(name, labels, count);
            }
        }
    }
}
