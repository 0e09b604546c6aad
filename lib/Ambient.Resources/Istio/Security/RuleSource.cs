using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Security;

[Open]
[Description("A caller: all fields must match, one value of each suffices.")]
public sealed record RuleSource
{
    [Description("Identities without the spiffe:// scheme: TRUST-DOMAIN/ns/NAMESPACE/sa/ACCOUNT; a star may stand at one end.")]
    [Limits(MaxItems = 1024, MaxLength = 2048)]
    public IReadOnlyList<string>? Principals { get; init; }

    [Description("Identities that do not match.")]
    [Limits(MaxItems = 1024, MaxLength = 2048)]
    public IReadOnlyList<string>? NotPrincipals { get; init; }

    [Description("Issuer/subject of a verified token; needs a waypoint.")]
    [Limits(MaxItems = 1024, MaxLength = 2048)]
    public IReadOnlyList<string>? RequestPrincipals { get; init; }

    [Description("Issuer/subject of a verified token that does not match; needs a waypoint.")]
    [Limits(MaxItems = 1024, MaxLength = 2048)]
    public IReadOnlyList<string>? NotRequestPrincipals { get; init; }

    [Description("Namespaces of the caller; a star may stand at one end.")]
    [Limits(MaxItems = 1024, MaxLength = 2048)]
    public IReadOnlyList<string>? Namespaces { get; init; }

    [Description("Namespaces that do not match.")]
    [Limits(MaxItems = 1024, MaxLength = 2048)]
    public IReadOnlyList<string>? NotNamespaces { get; init; }

    [Description("Addresses or CIDRs that the connection comes from.")]
    [Limits(MaxItems = 1024, MaxLength = 2048)]
    public IReadOnlyList<string>? IpBlocks { get; init; }

    [Description("Addresses or CIDRs that do not match.")]
    [Limits(MaxItems = 1024, MaxLength = 2048)]
    public IReadOnlyList<string>? NotIpBlocks { get; init; }

    [Description("Addresses or CIDRs of the original client by forwarding headers; needs a waypoint.")]
    [Limits(MaxItems = 1024, MaxLength = 2048)]
    public IReadOnlyList<string>? RemoteIpBlocks { get; init; }

    [Description("Addresses or CIDRs of the original client that do not match; needs a waypoint.")]
    [Limits(MaxItems = 1024, MaxLength = 2048)]
    public IReadOnlyList<string>? NotRemoteIpBlocks { get; init; }

    [Description("NAMESPACE/ACCOUNT, or ACCOUNT in the policy's namespace; without stars.")]
    [Limits(MaxItems = 1024, MaxLength = 2048)]
    public IReadOnlyList<string>? ServiceAccounts { get; init; }

    [Description("Service accounts that do not match.")]
    [Limits(MaxItems = 1024, MaxLength = 2048)]
    public IReadOnlyList<string>? NotServiceAccounts { get; init; }

    [Description("Trust domains of the caller.")]
    [Limits(MaxItems = 1024, MaxLength = 2048)]
    public IReadOnlyList<string>? TrustDomains { get; init; }

    [Description("Trust domains that do not match.")]
    [Limits(MaxItems = 1024, MaxLength = 2048)]
    public IReadOnlyList<string>? NotTrustDomains { get; init; }
}
