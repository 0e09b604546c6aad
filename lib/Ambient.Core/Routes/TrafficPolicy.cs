namespace Ambient.Core.Routes;

/// <summary>Everything about connections to the endpoints of a service.</summary>
public sealed record TrafficPolicy
{
    public static TrafficPolicy Default { get; } = new();

    public LoadBalancer LoadBalancer { get; init; } = LoadBalancer.Default;

    public ConnectionPool ConnectionPool { get; init; } = ConnectionPool.Default;

    /// <summary>Null: nothing is ejected.</summary>
    public OutlierDetection? OutlierDetection { get; init; }

    public HealthCheck? HealthCheck { get; init; }

    /// <summary>Null: HBONE inside the mesh, plaintext outside.</summary>
    public UpstreamTls? Tls { get; init; }

    public RetryBudget? RetryBudget { get; init; }

    /// <summary>Share of healthy endpoints, 0 to 100, below which health is ignored; 0: never.</summary>
    public double PanicThreshold { get; init; }
}
