using System.Collections.Immutable;
using System.Net;
using Ambient.Core.Identity;
using Ambient.Core.Routes;

namespace Ambient.Waypoint.Upstreams;

/// <summary>
/// What connections to an endpoint have to agree in to be shared: above all the caller, since the endpoint's ztunnel decides by who is
/// asserted when a connection is opened. Compared by value.
/// </summary>
internal sealed record UpstreamKey
{
    /// <summary>Authority of the CONNECT through <see cref="Tunnel"/>, or where to connect without: <c>ip:port</c>, or <c>hostname:port</c> to another waypoint.</summary>
    public required string Authority { get; init; }

    /// <summary>Address and HBONE port of the endpoint's ztunnel, or of a waypoint; null: plain TCP to <see cref="Address"/>.</summary>
    public IPEndPoint? Tunnel { get; init; }

    /// <summary>Where the endpoint listens; null behind another waypoint, and for an endpoint known by name only.</summary>
    public IPEndPoint? Address { get; init; }

    /// <summary>The tunnel's other end must be one of these; empty only without a tunnel.</summary>
    public ImmutableArray<SpiffeId> Expected { get; init; } = [];

    /// <summary>On whose behalf.</summary>
    public PeerIdentity Caller { get; init; } = PeerIdentity.Plaintext;

    /// <summary>TLS inside of the tunnel, or over plain TCP; null: none.</summary>
    public UpstreamTls? Tls { get; init; }

    /// <summary>Name for that TLS where the policy names none: the host that was asked for.</summary>
    public string? TlsHost { get; init; }

    /// <summary>HTTP/2 by prior knowledge or ALPN; otherwise HTTP/1.1.</summary>
    public bool Http2 { get; init; }

    public ConnectionPool Pool { get; init; } = ConnectionPool.Default;

    /// <summary>True when there is TLS to begin.</summary>
    public bool IsTls => Tls is { Mode: UpstreamTlsMode.Simple or UpstreamTlsMode.Mutual } or { Invalid: not null };

    public Version Version => Http2 ? HttpVersion.Version20 : HttpVersion.Version11;

    /// <summary>Scheme and authority of the request's URI; the Host header is another matter.</summary>
    public string Prefix => field ??= $"{(IsTls ? "https" : "http")}://{Authority}/";

    public bool Equals(UpstreamKey? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Http2 == other.Http2 && string.Equals(Authority, other.Authority, StringComparison.Ordinal)
            && Equals(Tunnel, other.Tunnel) && Caller.Equals(other.Caller) && Expected.AsSpan().SequenceEqual(other.Expected.AsSpan())
            && Equals(Tls, other.Tls) && string.Equals(TlsHost, other.TlsHost, StringComparison.Ordinal) && Pool.Equals(other.Pool)
            && Equals(Address, other.Address));

    public override int GetHashCode() => HashCode.Combine(Authority, Caller, Tunnel, Http2);
}
