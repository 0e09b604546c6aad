using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Core.Requests;
using Proto = Ambient.Mesh.V1;

namespace Ambient.Discovery.Codec;

/// <summary>ambient.mesh.v1.MeshSettings.</summary>
public static class SettingsCodec
{
    public static Proto.MeshSettings ToProto(MeshSettings settings) => new()
    {
        TrustDomain = settings.TrustDomain,
        TrustDomainAliases = { settings.TrustDomainAliases },
        ClusterDomain = settings.ClusterDomain,
        AllowUnknownOutbound = settings.AllowUnknownOutbound,
        AccessLog = settings.AccessLog,
        PathNormalization = (uint)settings.PathNormalization,
    };

    /// <exception cref="CodecException">A name is missing or no trust domain.</exception>
    public static MeshSettings FromProto(Proto.MeshSettings proto) => new()
    {
        TrustDomain = TrustDomain(proto.TrustDomain, "trust_domain"),
        TrustDomainAliases = Wire.List(proto.TrustDomainAliases, "trust_domain_aliases", TrustDomain),
        ClusterDomain = Wire.Required(proto.ClusterDomain, "cluster_domain"),
        AllowUnknownOutbound = proto.AllowUnknownOutbound,
        AccessLog = proto.AccessLog,
        PathNormalization = proto.PathNormalization <= (uint)PathNormalization.DecodeAndMergeSlashes
            ? (PathNormalization)proto.PathNormalization
            : throw new CodecException("path_normalization", $"{proto.PathNormalization} is not known"),
    };

    private static string TrustDomain(string text, string field) =>
        SpiffeId.IsTrustDomain(text) ? text : throw new CodecException(field, $"'{text}' is not a trust domain");
}
