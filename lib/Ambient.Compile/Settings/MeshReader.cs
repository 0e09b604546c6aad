using System.Text.Json.Nodes;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Compile.Telemetry;
using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Core.Requests;
using Ambient.Core.Routes;
using Ambient.Resources.AmbientApi;

namespace Ambient.Compile.Settings;

/// <summary>Mesh resource → the settings that proxies get.</summary>
internal static class MeshReader
{
    public static MeshSource Read(JsonObject manifest, SourceMeta meta, MeshSource? old, MeshSettings defaults)
    {
        var view = new JsonView(manifest, "")["spec"];
        var (spec, refusal, notes) = ResourceChecks.Read<MeshSpec>(manifest["spec"], meta, old?.Settings is not null, s => Check(s, meta).Concat(RequestDefaultsReader.Check(view, meta)));
        if (spec is null)
        {
            return new MeshSource(meta, old?.Settings, refusal, notes) { Telemetry = old?.Telemetry, Providers = old?.Providers ?? [], Requests = old?.Requests ?? MeshRequestDefaults.None };
        }

        var settings = Settings(spec, defaults);
        return new MeshSource(meta, settings, refusal, notes) { Telemetry = MeshTelemetryReader.Read(spec, settings), Providers = ProviderReader.Read(spec), Requests = RequestDefaultsReader.Read(view, meta.Name) };
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

        foreach (var finding in ProviderReader.Check(spec, meta).Concat(MeshTelemetryReader.Check(spec, meta)))
        {
            yield return finding;
        }
    }

    private static MeshSettings Settings(MeshSpec spec, MeshSettings defaults) => defaults with
    {
        TrustDomain = spec.TrustDomain ?? defaults.TrustDomain,
        TrustDomainAliases = spec.TrustDomainAliases is { } aliases ? [.. aliases] : defaults.TrustDomainAliases,
        ClusterDomain = spec.ClusterDomain ?? defaults.ClusterDomain,
        AllowUnknownOutbound = spec.OutboundTrafficPolicy is { } outbound ? outbound != "REGISTRY_ONLY" : defaults.AllowUnknownOutbound,
        AccessLog = spec.AccessLog?.Enabled ?? defaults.AccessLog,
        PathNormalization = spec.PathNormalization switch
        {
            "MERGE_SLASHES" => PathNormalization.MergeSlashes,
            "DECODE_AND_MERGE_SLASHES" => PathNormalization.DecodeAndMergeSlashes,
            "NONE" or "BASE" => PathNormalization.Base, // dot segments are never left for somebody to resolve later
            _ => defaults.PathNormalization,
        },
    };

    private static Finding Wrong(SourceMeta meta, string field, string value) => SecurityChecks.Error(meta, FindingCodes.InvalidField, field,
        $"'{value}' is not a trust domain: lower-case letters, digits, '.', '-' and '_'");
}
