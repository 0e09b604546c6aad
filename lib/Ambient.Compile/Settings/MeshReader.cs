using System.Text.Json.Nodes;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Resources.AmbientApi;

namespace Ambient.Compile.Settings;

/// <summary>Mesh resource → the settings that proxies get.</summary>
internal static class MeshReader
{
    public static MeshSource Read(JsonObject manifest, SourceMeta meta, MeshSource? old)
    {
        var (spec, refusal, notes) = ResourceChecks.Read<MeshSpec>(manifest["spec"], meta, old?.Settings is not null, s => Check(s, meta));
        return new MeshSource(meta, spec is null ? old?.Settings : Settings(spec), refusal, notes);
    }

    private static IEnumerable<Finding> Check(MeshSpec spec, SourceMeta meta)
    {
        if (spec.TrustDomain is { } td && !SpiffeId.IsTrustDomain(td))
        {
            yield return Wrong(meta, "spec.trustDomain", td);
        }

        for (int i = 0; i < (spec.TrustDomainAliases?.Count ?? 0); i++)
        {
            if (!SpiffeId.IsTrustDomain(spec.TrustDomainAliases![i]))
            {
                yield return Wrong(meta, $"spec.trustDomainAliases[{i}]", spec.TrustDomainAliases[i]);
            }
        }

        if (spec.ClusterDomain is { } domain && Uri.CheckHostName(domain) != UriHostNameType.Dns)
        {
            yield return SecurityChecks.Error(meta, FindingCodes.InvalidField, "spec.clusterDomain", $"'{domain}' is not a DNS name");
        }
    }

    private static MeshSettings Settings(MeshSpec spec) => new()
    {
        TrustDomain = spec.TrustDomain ?? MeshDefaults.TrustDomain,
        TrustDomainAliases = [.. spec.TrustDomainAliases ?? []],
        ClusterDomain = spec.ClusterDomain ?? MeshDefaults.ClusterDomain,
        AllowUnknownOutbound = spec.OutboundTrafficPolicy != "REGISTRY_ONLY",
        AccessLog = spec.AccessLog?.Enabled ?? true,
    };

    private static Finding Wrong(SourceMeta meta, string field, string value) => SecurityChecks.Error(meta, FindingCodes.InvalidField, field,
        $"'{value}' is not a trust domain: lower-case letters, digits, '.', '-' and '_'");
}
