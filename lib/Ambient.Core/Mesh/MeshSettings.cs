using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ambient.Core.Requests;

namespace Ambient.Core;

/// <summary>What the <c>Mesh</c> resource tells the proxies (our own type on the discovery stream).</summary>
public sealed record MeshSettings
{
    public string TrustDomain { get; init; } = MeshDefaults.TrustDomain;

    /// <summary>Further trust domains whose identities count as this mesh's own.</summary>
    public ImmutableArray<string> TrustDomainAliases { get; init; } = [];

    public string ClusterDomain { get; init; } = MeshDefaults.ClusterDomain;

    /// <summary>False: connections to destinations that nobody declared are refused (REGISTRY_ONLY).</summary>
    public bool AllowUnknownOutbound { get; init; } = true;

    public bool AccessLog { get; init; } = true;

    /// <summary>What is done to a request's path before routes, policies and endpoints see it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public PathNormalization PathNormalization { get; init; }
}
