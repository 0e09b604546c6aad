namespace Ambient.Routing.Gateways;

/// <summary>What the connections of a port begin with, or that it takes datagrams; the listeners of a port have it in common.</summary>
public enum GatewayPortKind
{
    Http,
    Tls,
    Tcp,
    Hbone,
    Udp,
}
