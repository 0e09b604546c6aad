using System.Collections.Immutable;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Telemetry;
using Ambient.Policy.Telemetry.Expressions;

namespace Ambient.Policy.Telemetry;

/// <summary>
/// Puts together what is said about some requests, field by field, a later level over an earlier:
/// <list type="number">
/// <item>the Mesh resource;</item>
/// <item>the root namespace;</item>
/// <item>the namespace of the proxy;</item>
/// <item>the proxy: its Gateway by targetRefs, or its pods by labels;</item>
/// <item>the service that is asked, by targetRefs;</item>
/// <item>the workload that answers, by labels.</item>
/// </list>
/// On each level the oldest resource counts alone.
/// </summary>
public static class TelemetryMerge
{
    private const int Levels = 5;

    public static EffectiveTelemetry Of(IEnumerable<TelemetryPolicy> policies, MeshTelemetry mesh, TelemetrySubject subject)
    {
        ArgumentNullException.ThrowIfNull(policies);
        ArgumentNullException.ThrowIfNull(mesh);
        ArgumentNullException.ThrowIfNull(subject);
        var levels = new TelemetryPolicy?[Levels];
        foreach (TelemetryPolicy policy in policies)
        {
            if (LevelOf(policy, subject) is { } level && (levels[level] is not { } older || IsOlder(policy, older)))
            {
                levels[level] = policy;
            }
        }

        TelemetryPolicy[] applied = [.. levels.OfType<TelemetryPolicy>()];
        EffectiveTelemetry logged = AccessLog(applied, mesh, subject.IsGateway);
        return Tracing(logged, applied, mesh, subject.IsGateway) with
        {
            Metrics = Metrics(applied, subject.IsGateway),
            Sources = string.Join(' ', applied.Select(static p => p.Key)),
        };
    }

    /// <summary>The last level at which the policy means the subject; null when it does not.</summary>
    private static int? LevelOf(TelemetryPolicy policy, TelemetrySubject subject)
    {
        int? level = null;
        foreach (RequestPolicyTarget target in policy.Targets)
        {
            int? at = target.Kind switch
            {
                RequestPolicyTargetKind.Mesh => 0,
                RequestPolicyTargetKind.Namespace when target.Key == subject.Proxy.Namespace => 1,
                RequestPolicyTargetKind.Gateway when target.Key == subject.Proxy.ToString() => 2,
                RequestPolicyTargetKind.Service when target.Key == subject.Service?.Key => 3,
                RequestPolicyTargetKind.Selected => Selected(policy, target.Key, subject),
                _ => null,
            };
            level = at is null || level > at ? level : at;
        }

        return level;
    }

    private static int? Selected(TelemetryPolicy policy, string ns, TelemetrySubject subject) =>
        subject.Destination is { } destination && Covers(ns, destination.Namespace) && Carries(destination.Labels, policy.Selector) ? 4
        : Covers(ns, subject.Proxy.Namespace) && Carries(subject.ProxyLabels, policy.Selector) ? 2
        : null;

    private static bool Covers(string wanted, string ns) => wanted.Length == 0 || wanted == ns;

    private static bool Carries(ImmutableSortedDictionary<string, string> labels, ImmutableSortedDictionary<string, string> selector)
    {
        foreach ((string name, string value) in selector)
        {
            if (!labels.TryGetValue(name, out string? found) || found != value)
            {
                return false;
            }
        }

        return !selector.IsEmpty;
    }

    private static bool IsOlder(TelemetryPolicy a, TelemetryPolicy b) =>
        a.Created != b.Created ? a.Created < b.Created : a.Name.CompareTo(b.Name) < 0;

    private static bool Counts(TelemetryMode mode, bool isGateway) =>
        mode == TelemetryMode.ClientAndServer || mode == (isGateway ? TelemetryMode.Client : TelemetryMode.Server);

    private static EffectiveTelemetry AccessLog(TelemetryPolicy[] applied, MeshTelemetry mesh, bool isGateway)
    {
        bool on = mesh.AccessLog;
        TelemetryExpression? filter = null;
        foreach (AccessLogRule rule in applied.SelectMany(static p => p.AccessLog).Where(r => Counts(r.Mode, isGateway)))
        {
            // Whoever writes a rule wants lines, unless it says otherwise.
            on = rule.Disabled != true;
            filter = rule.Filter is { } text && TelemetryExpression.TryParse(text, out TelemetryExpression? read, out _) ? read : filter;
        }

        return new EffectiveTelemetry { AccessLog = on, Filter = filter };
    }

    private static EffectiveTelemetry Tracing(EffectiveTelemetry telemetry, TelemetryPolicy[] applied, MeshTelemetry mesh, bool isGateway)
    {
        ImmutableArray<string> providers = [TracingProvider.DefaultName];
        bool disabled = false;
        telemetry = telemetry with { SamplingPercentage = mesh.SamplingPercentage };
        foreach (TracingRule rule in applied.SelectMany(static p => p.Tracing).Where(r => Counts(r.Mode, isGateway)))
        {
            providers = rule.Providers.IsEmpty ? providers : rule.Providers;
            disabled = rule.DisableSpanReporting ?? disabled;
            telemetry = telemetry with
            {
                SamplingPercentage = rule.SamplingPercentage ?? telemetry.SamplingPercentage,
                CustomTags = rule.CustomTags.IsEmpty ? telemetry.CustomTags : rule.CustomTags,
            };
        }

        return disabled ? telemetry : telemetry with { Provider = providers.Select(mesh.ProviderOf).FirstOrDefault(static p => p is not null) };
    }

    private static ImmutableSortedDictionary<string, MetricPlan>? Metrics(TelemetryPolicy[] applied, bool isGateway)
    {
        var plans = ImmutableSortedDictionary.Create<string, MetricPlan>(StringComparer.Ordinal);
        foreach (MetricRule rule in applied.SelectMany(static p => p.Metrics).Where(r => Counts(r.Mode, isGateway)))
        {
            foreach (string metric in rule.Metric == MetricRule.AllMetrics ? IstioMetrics.Http : IstioMetrics.NameOf(rule.Metric) is { } one ? [one] : [])
            {
                plans = plans.SetItem(metric, plans.GetValueOrDefault(metric, MetricPlan.Unchanged).With(rule));
            }
        }

        return plans.IsEmpty ? null : plans;
    }
}
