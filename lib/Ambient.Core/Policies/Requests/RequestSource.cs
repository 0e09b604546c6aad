using System.Collections.Immutable;

namespace Ambient.Core.Policies.Requests;

/// <summary>AND of fields, OR of a field's values; <c>Not…</c> holds when none match. Strings in AuthorizationPolicy's grammar.</summary>
public sealed record RequestSource
{
    /// <summary>Without scheme: <c>cluster.local/ns/shop/sa/web</c>.</summary>
    public ImmutableArray<string> Principals { get; init; } = [];

    public ImmutableArray<string> NotPrincipals { get; init; } = [];

    /// <summary><c>issuer/subject</c> of the request's token.</summary>
    public ImmutableArray<string> RequestPrincipals { get; init; } = [];

    public ImmutableArray<string> NotRequestPrincipals { get; init; } = [];

    public ImmutableArray<string> Namespaces { get; init; } = [];

    public ImmutableArray<string> NotNamespaces { get; init; } = [];

    /// <summary><c>namespace/name</c>, or <c>name</c> in the policy's namespace; literal.</summary>
    public ImmutableArray<string> ServiceAccounts { get; init; } = [];

    public ImmutableArray<string> NotServiceAccounts { get; init; } = [];

    public ImmutableArray<string> TrustDomains { get; init; } = [];

    public ImmutableArray<string> NotTrustDomains { get; init; } = [];

    /// <summary>Addresses or CIDRs of the connection's peer.</summary>
    public ImmutableArray<string> IpBlocks { get; init; } = [];

    public ImmutableArray<string> NotIpBlocks { get; init; } = [];

    /// <summary>Addresses or CIDRs of the original client, as trusted proxies tell.</summary>
    public ImmutableArray<string> RemoteIpBlocks { get; init; } = [];

    public ImmutableArray<string> NotRemoteIpBlocks { get; init; } = [];
}
