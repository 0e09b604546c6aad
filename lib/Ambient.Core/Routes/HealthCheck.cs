namespace Ambient.Core.Routes;

/// <summary>Active probing of endpoints.</summary>
public sealed record HealthCheck
{
    /// <summary>Path of an HTTP GET; null: a connection is enough.</summary>
    public string? Path { get; init; }

    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    public int HealthyThreshold { get; init; } = 2;

    public int UnhealthyThreshold { get; init; } = 3;
}
