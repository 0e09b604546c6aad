using Ambient.Waypoint.Hosting;

namespace Ambient.Waypoint.Telemetry.Tracing;

/// <summary>Which process spans come from, in OpenTelemetry's words.</summary>
internal sealed record SpanOrigin(IReadOnlyDictionary<string, object> Attributes)
{
    internal static SpanOrigin Of(WaypointConfig config) => new(new Dictionary<string, object>(StringComparer.Ordinal)
    {
        ["service.name"] = $"{config.Gateway.Name}.{config.Gateway.Namespace}",
        ["service.instance.id"] = config.PodName,
        ["k8s.namespace.name"] = config.Gateway.Namespace,
        ["k8s.pod.name"] = config.PodName,
        ["k8s.node.name"] = config.NodeName,
        ["k8s.cluster.name"] = config.ClusterId,
    });
}
