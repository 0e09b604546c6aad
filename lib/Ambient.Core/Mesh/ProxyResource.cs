namespace Ambient.Core.Mesh;

/// <summary>
/// Configuration of waypoints and gateways for which WDS has no word. One sealed record type a kind; whether two are the same is decided by
/// their wire form, not by the records' own equality, which sees of a list only whether it is one and the same.
/// </summary>
public abstract record ProxyResource
{
    /// <summary>Name of the record type, the same for all of the kind: <c>RouteTable</c>. No slash.</summary>
    public abstract string Type { get; }

    /// <summary>Unique within the type; not empty.</summary>
    public abstract string Key { get; }

    /// <summary>
    /// Namespace and service account of the only gateway that may see it, as a certificate's key must not be seen by others; null: every
    /// waypoint and gateway.
    /// </summary>
    public virtual NamespacedName? OnlyFor => null;

    /// <summary>What it is called on the wire.</summary>
    public ResourceName ResourceName => new(Type, Key);
}
