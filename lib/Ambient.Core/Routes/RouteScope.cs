namespace Ambient.Core.Routes;

/// <summary>Which proxies a table is for.</summary>
public enum RouteScope
{
    /// <summary>Waypoints: requests to a service of the mesh.</summary>
    Mesh,

    /// <summary>One listener of one gateway.</summary>
    Gateway,
}
