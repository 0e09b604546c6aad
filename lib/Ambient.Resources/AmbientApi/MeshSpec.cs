using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.AmbientApi;

[Open]
[Description("The settings.")]
public sealed record MeshSpec
{
    [Description("Trust domain of every identity; cluster.local when left out.")]
    [Limits(MaxLength = 255)]
    public string? TrustDomain { get; init; }

    [Description("Further trust domains whose identities count as the mesh's own.")]
    [Limits(MaxItems = 64, MaxLength = 255)]
    public IReadOnlyList<string>? TrustDomainAliases { get; init; }

    [Description("Domain of service host names; cluster.local when left out.")]
    [Limits(MaxLength = 253)]
    public string? ClusterDomain { get; init; }

    [Description("Lifetime of workload certificates, for example 24h.")]
    [Limits(MaxLength = 64)]
    public string? CertificateLifetime { get; init; }

    [Description("What is done to a path before policies see it.")]
    [OneOf("NONE", "BASE", "MERGE_SLASHES", "DECODE_AND_MERGE_SLASHES")]
    public string? PathNormalization { get; init; }

    [Description("What happens to destinations that nobody declared.")]
    [OneOf("ALLOW_ANY", "REGISTRY_ONLY")]
    public string? OutboundTrafficPolicy { get; init; }

    [Description("What is logged of connections and requests.")]
    public MeshAccessLog? AccessLog { get; init; }

    [Description("Retries where nothing else says so.")]
    public MeshRetries? Retries { get; init; }

    [Description("Rate limit where nothing else says so.")]
    public MeshRateLimit? RateLimit { get; init; }

    [Description("Where spans go.")]
    public MeshTracing? Tracing { get; init; }

    [Description("External authorizers that CUSTOM policies name.")]
    [Limits(MaxItems = 64)]
    public IReadOnlyList<MeshAuthorizationProvider>? AuthorizationProviders { get; init; }

    [Description("How ports without a declared protocol are treated.")]
    public MeshProtocolDetection? ProtocolDetection { get; init; }
}
