using System.Collections.Immutable;

namespace Ambient.Core.Gateways;

/// <summary>A listener of a Gateway, or a server of an Istio Gateway.</summary>
public sealed record GatewayListener
{
    /// <summary>The Gateway, of either API, that has the listener: <see cref="Routes.RouteTable.Gateway"/> of its routes.</summary>
    public required NamespacedName Owner { get; init; }

    /// <summary><see cref="Routes.RouteTable.Listener"/> of its routes; unique within its owner.</summary>
    public required string Name { get; init; }

    public required int Port { get; init; }

    public required ListenerProtocol Protocol { get; init; }

    /// <summary>Lower-case hosts or <c>*.example.com</c>; empty: all.</summary>
    public ImmutableArray<string> Hostnames { get; init; } = [];

    /// <summary>Set for HTTPS and where TLS is ended.</summary>
    public ListenerTls? Tls { get; init; }

    /// <summary>Every request gets 301 to https (Istio's httpsRedirect).</summary>
    public bool HttpsRedirect { get; init; }

    /// <summary>
    /// False (Gateway API): a request belongs to the listener with the most specific host alone. True (Istio): the hosts of all such listeners on
    /// a port are one set.
    /// </summary>
    public bool SharesHosts { get; init; }

    /// <summary>Only for connections that came by HBONE, whose caller is known (Istio's ISTIO_MUTUAL); others are refused.</summary>
    public bool MeshOnly { get; init; }

    /// <summary>HTTP/3 beside HTTPS, where the machine has QUIC.</summary>
    public bool Http3 { get; init; }

    /// <summary>Connections begin with a PROXY protocol header, version 1 or 2; one without is refused.</summary>
    public bool ProxyProtocol { get; init; }

    /// <summary>Set when nothing can be served here: connections are refused with this reason.</summary>
    public string? Invalid { get; init; }
}
