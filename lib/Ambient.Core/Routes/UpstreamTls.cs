using System.Collections.Immutable;

namespace Ambient.Core.Routes;

/// <summary>TLS that the proxy begins towards the endpoint.</summary>
public sealed record UpstreamTls
{
    public required UpstreamTlsMode Mode { get; init; }

    /// <summary>Null: the host that was asked for.</summary>
    public string? ServerName { get; init; }

    /// <summary>One of these must be in the certificate; empty: <see cref="ServerName"/> or the host.</summary>
    public ImmutableArray<string> SubjectAltNames { get; init; } = [];

    /// <summary>PEM; empty: those of <see cref="Credential"/>, else the system's roots.</summary>
    public string CaCertificates { get; init; } = "";

    /// <summary>
    /// Name of a Secret in the namespace of the proxy that calls: certificate and key for <see cref="UpstreamTlsMode.Mutual"/>, and the authorities
    /// that it believes. The operator sends it to that proxy as <see cref="Gateways.GatewayCertificate"/>. Null: none.
    /// </summary>
    public string? Credential { get; init; }

    public bool SkipVerification { get; init; }

    /// <summary>Set when what a person asked for cannot be done: connections are refused with this reason, never plain.</summary>
    public string? Invalid { get; init; }
}
