namespace Ambient.Waypoint.Telemetry.Metrics;

/// <summary>A service as labels name it; one object for equal content.</summary>
internal sealed record ServiceName(string Host, string Namespace, string Name)
{
    internal static ServiceName Unknown { get; } = new("", "", "");
}
