namespace Ambient.Core.Gateways;

/// <summary>How a listener speaks to its clients.</summary>
public enum ListenerProtocol
{
    Http,

    /// <summary>TLS ended here, HTTP inside.</summary>
    Https,

    /// <summary>TLS passed on unopened, by server name.</summary>
    TlsPassthrough,

    /// <summary>TLS ended here, bytes inside.</summary>
    TlsTerminate,

    Tcp,

    Hbone,

    /// <summary>TLS passed on unopened to the service that the server name spells (Istio's AUTO_PASSTHROUGH).</summary>
    AutoPassthrough,

    /// <summary>Datagrams, each client's to one backend: the first of the TCP rules of its table has them all.</summary>
    Udp,
}
