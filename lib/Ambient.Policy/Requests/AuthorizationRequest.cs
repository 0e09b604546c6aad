using System.Net;
using Ambient.Core.Identity;
using Ambient.Core.Requests;

namespace Ambient.Policy.Requests;

/// <summary>What L7 policy can know of a request.</summary>
public sealed record AuthorizationRequest
{
    /// <summary>The original caller; at a waypoint the one that the caller's node asserts, not the node.</summary>
    public required PeerIdentity Peer { get; init; }

    /// <summary>The caller's address as its connection has it.</summary>
    public required IPAddress SourceAddress { get; init; }

    /// <summary>The original client's address as trusted proxies tell; null: the same as <see cref="SourceAddress"/>.</summary>
    public IPAddress? RemoteAddress { get; init; }

    /// <summary>The workload's address and the real port that the application listens on.</summary>
    public required IPEndPoint Destination { get; init; }

    /// <summary>
    /// True for bytes that nobody looks into (TCP, TLS passed on): they have an identity, addresses and a server name, and no method, path, host,
    /// header or token.
    /// </summary>
    public bool IsStream { get; init; }

    public required string Method { get; init; }

    /// <summary>As sent, with its port if it has one.</summary>
    public required string Authority { get; init; }

    /// <summary>Canonical, without query; null for CONNECT, which has none.</summary>
    public required string? Path { get; init; }

    /// <summary>The path as a lenient backend reads it; null: the same. An ALLOW must match both readings, a DENY one of them.</summary>
    public string? LenientPath { get; init; }

    public IRequestHeaders Headers { get; init; } = NoHeaders.Instance;

    /// <summary>Server name of the TLS handshake; null when there was none.</summary>
    public string? ServerName { get; init; }

    /// <summary>The verified token; null when the request has none.</summary>
    public RequestToken? Token { get; init; }
}
