namespace Ambient.Compile.Gateways;

/// <summary>What a Gateway of a class is to us.</summary>
internal enum GatewayRole
{
    /// <summary>Another controller's: we say nothing about it.</summary>
    Foreign,

    Waypoint,

    Ingress,

    EastWest,
}
