using System.Collections.Concurrent;
using System.Globalization;
using Ambient.Core.Policies;
using Ambient.Proxy.Telemetry;
using Ambient.Waypoint.Requests;

namespace Ambient.Waypoint.Telemetry.Metrics;

/// <summary>Requests that we answered instead of an endpoint: by reason, and denials by the policy and rule that decided. Bounded.</summary>
internal sealed class OwnAnswerMetrics
{
    private const int MaxSeries = 2_000;

    private readonly ConcurrentDictionary<(string Reason, int Status), Counter> _reasons = [];
    private readonly ConcurrentDictionary<(PolicyOrigin Policy, int Rule, ServiceName Service), Counter> _denials = [];

    private sealed class Counter
    {
        private long _count;

        internal long Value => Volatile.Read(ref _count);

        internal void Increment() => Interlocked.Increment(ref _count);
    }

    internal void Count(RequestRecord record, ServiceName service)
    {
        if (record.Reason is not { } reason)
        {
            return;
        }

        Of(_reasons, (reason, record.Status))?.Increment();
        if (record.Policy is { } policy)
        {
            Of(_denials, (policy, record.PolicyRule, service))?.Increment();
        }
    }

    internal void Render(PrometheusText text)
    {
        text.Family("ambient_own_answers_total", "counter", "Requests that the proxy answered itself, by reason.");
        foreach (((string reason, int status), Counter count) in _reasons)
        {
            text.Sample("ambient_own_answers_total", PrometheusText.Labels(("reason", reason), ("response_code", Text(status))), count.Value);
        }

        text.Family("ambient_policy_denials_total", "counter", "Requests denied, by the policy and rule that decided.");
        foreach (((PolicyOrigin policy, int rule, ServiceName service), Counter count) in _denials)
        {
            text.Sample("ambient_policy_denials_total", PrometheusText.Labels(
                ("policy", $"{policy.Namespace}/{policy.Name}"), ("policy_kind", policy.Kind), ("rule", rule < 0 ? "none" : Text(rule)), ("kind", "deny"),
                ("destination_service", service.Host.Length > 0 ? service.Host : "unknown")), count.Value);
        }
    }

    private static Counter? Of<TKey>(ConcurrentDictionary<TKey, Counter> counters, TKey key)
        where TKey : notnull =>
        counters.TryGetValue(key, out Counter? counter) ? counter
        : counters.Count >= MaxSeries ? null
        : counters.GetOrAdd(key, static _ => new Counter());

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
