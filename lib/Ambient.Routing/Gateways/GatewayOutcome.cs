namespace Ambient.Routing.Gateways;

/// <summary>What a port has for a request.</summary>
public enum GatewayOutcome
{
    /// <summary>Routes for the host.</summary>
    Found,

    /// <summary>No listener, or no route of the listener, is for the host: 404.</summary>
    NoHost,

    /// <summary>The host belongs to another listener of the port than the connection's server name: 421 (RFC 9110 §15.5.20).</summary>
    Misdirected,

    /// <summary>To the same place by https: 301.</summary>
    HttpsRedirect,
}
