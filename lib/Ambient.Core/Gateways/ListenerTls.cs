using System.Collections.Immutable;

namespace Ambient.Core.Gateways;

/// <summary>How TLS is ended.</summary>
public sealed record ListenerTls
{
    /// <summary>Keys of <see cref="GatewayCertificate"/>s; the first whose names fit the server name serves, else the first.</summary>
    public ImmutableArray<string> Certificates { get; init; } = [];

    public ClientVerification ClientVerification { get; init; }

    /// <summary>PEM of the authorities of clients.</summary>
    public string ClientCa { get; init; } = "";

    /// <summary>One of these must be in the client's certificate; empty: any.</summary>
    public ImmutableArray<string> ClientSubjectAltNames { get; init; } = [];

    public ListenerTlsVersion MinVersion { get; init; } = ListenerTlsVersion.Tls12;

    public ListenerTlsVersion MaxVersion { get; init; } = ListenerTlsVersion.Tls13;
}
