using System.Collections.Immutable;
using Ambient.Core;
using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Policy.Telemetry;

/// <summary>Which proxy, and which requests at it, telemetry is asked for.</summary>
public sealed record TelemetrySubject
{
    /// <summary>Namespace and name of the Gateway that the proxy belongs to.</summary>
    public required NamespacedName Proxy { get; init; }

    public ImmutableSortedDictionary<string, string> ProxyLabels { get; init; } = Workload.NoLabels;

    /// <summary>Gateways are clients; waypoints servers.</summary>
    public bool IsGateway { get; init; }

    public MeshService? Service { get; init; }

    /// <summary>The workload that answers; null before it is chosen, as when a trace begins.</summary>
    public Workload? Destination { get; init; }
}
