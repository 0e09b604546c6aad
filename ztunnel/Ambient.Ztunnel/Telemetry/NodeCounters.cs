using System.Reflection;
using Ambient.Proxy.Telemetry;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>Counters and gauges of the process itself.</summary>
internal sealed class NodeCounters
{
    private long _started, _stopped, _rulesRestored, _logLost;
    private int _active, _pending;

    internal static string Version { get; } =
        typeof(NodeCounters).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    internal void ProxyStarted()
    {
        Interlocked.Increment(ref _started);
        Interlocked.Increment(ref _active);
    }

    internal void ProxyStopped()
    {
        Interlocked.Increment(ref _stopped);
        Interlocked.Decrement(ref _active);
    }

    internal int Pending
    {
        get => Volatile.Read(ref _pending);
        set => Volatile.Write(ref _pending, value);
    }

    internal void RulesRestored() => Interlocked.Increment(ref _rulesRestored);

    internal void LogLost() => Interlocked.Increment(ref _logLost);

    internal void Render(PrometheusText text)
    {
        Gauge(text, "workload_manager_active_proxy_count", "Pods that are captured.", Volatile.Read(ref _active));
        Gauge(text, "workload_manager_pending_proxy_count", "Pods that are to be captured and are not yet.", Pending);
        Count(text, "workload_manager_proxies_started_total", "Pods captured since the start.", Volatile.Read(ref _started));
        Count(text, "workload_manager_proxies_stopped_total", "Pods released since the start.", Volatile.Read(ref _stopped));
        Count(text, "ambient_rules_restored_total", "Times that redirect rules had been changed and were put back.", Volatile.Read(ref _rulesRestored));
        Count(text, "ambient_access_log_lost_total", "Access log lines dropped because nobody reads fast enough.", Volatile.Read(ref _logLost));
        text.Family("istio_build", "gauge", "Version of this proxy.")
            .Sample("istio_build", PrometheusText.Labels(("component", "ztunnel"), ("tag", Version)), 1);
    }

    private static void Gauge(PrometheusText text, string name, string help, double value) =>
        text.Family(name, "gauge", help).Sample(name, "", value);

    private static void Count(PrometheusText text, string name, string help, double value) =>
        text.Family(name, "counter", help).Sample(name, "", value);
}
