namespace Ambient.Hbone.Relay;

/// <summary>How a relay ended. "App" is the first party, "peer" the second.</summary>
public enum RelayResult
{
    /// <summary>Both directions were closed in order.</summary>
    Completed,

    /// <summary>The application reset its connection; the peer was reset too.</summary>
    AppReset,

    /// <summary>The peer reset its side; the application got a reset too.</summary>
    PeerReset,

    /// <summary>The tunnel's connection was lost; the application got a reset.</summary>
    TunnelLost,

    /// <summary>Ended from here (policy, drain deadline); both sides were reset.</summary>
    Cancelled,
}
