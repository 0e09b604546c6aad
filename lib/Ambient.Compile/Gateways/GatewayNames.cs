namespace Ambient.Compile.Gateways;

/// <summary>Names of what is made for a Gateway.</summary>
internal static class GatewayNames
{
    /// <summary>
    /// Deployment, Service, budget and autoscaler: a waypoint's are named as its Gateway, others <c>NAME-CLASS</c> (GEP-1762), so that
    /// an application may be called like its gateway.
    /// </summary>
    public static string Workload(string gateway, string @class, GatewayRole role) => role == GatewayRole.Waypoint ? gateway : $"{gateway}-{@class}";
}
