namespace Ambient.Core.Gateways;

/// <summary>What a gateway is for.</summary>
public enum ProxyRole
{
    /// <summary>Requests within the mesh, by HBONE.</summary>
    Waypoint,

    /// <summary>From outside into the mesh, or from the mesh to the outside.</summary>
    Ingress,

    /// <summary>From another cluster's mesh.</summary>
    EastWest,
}
