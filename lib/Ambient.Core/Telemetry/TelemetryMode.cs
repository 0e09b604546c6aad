namespace Ambient.Core.Telemetry;

/// <summary>On which side of a request a proxy must be for a rule to count: gateways are clients, waypoints servers (as in Istio).</summary>
public enum TelemetryMode
{
    ClientAndServer,
    Client,
    Server,
}
