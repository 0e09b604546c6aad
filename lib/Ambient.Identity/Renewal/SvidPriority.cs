namespace Ambient.Identity.Renewal;

/// <summary>Which fetch goes first when more are wanted than run at once.</summary>
public enum SvidPriority
{
    /// <summary>Renewal of one that still serves.</summary>
    Background,

    /// <summary>An identity that will probably be needed.</summary>
    Warmup,

    /// <summary>A connection is waiting.</summary>
    RealTime,
}
