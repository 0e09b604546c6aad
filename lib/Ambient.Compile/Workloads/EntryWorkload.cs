using Ambient.Compile.Index;
using Ambient.Compile.Sources;
using Ambient.Core.Workloads;
using Ambient.Resources.Istio.Networking;

namespace Ambient.Compile.Workloads;

/// <summary>What a WorkloadEntry and an endpoint of a ServiceEntry have in common.</summary>
internal static class EntryWorkload
{
    public static Workload Of(MeshIndex index, SourceMeta meta, string uid, WorkloadEntrySpec spec)
    {
        bool isAddress = IpText.TryAddress(spec.Address ?? "", out var address);
        bool native = (spec.Labels?.GetValueOrDefault("networking.istio.io/tunnel") ?? meta.Label("networking.istio.io/tunnel")) == "http";
        string[] place = (spec.Locality ?? "").Split('/');
        return new Workload
        {
            Uid = uid,
            Name = meta.Name,
            Namespace = meta.Namespace,
            Addresses = isAddress ? [address] : [],
            Hostname = isAddress ? "" : spec.Address ?? "",
            Network = spec.Network ?? index.Options.Network,
            TunnelProtocol = native ? TunnelProtocol.Hbone : TunnelProtocol.None,
            NativeTunnel = native,
            TrustDomain = index.Settings.TrustDomain,
            ServiceAccount = ServiceAccountName.OrDefault(spec.ServiceAccount),
            CanonicalName = spec.Labels?.GetValueOrDefault("service.istio.io/canonical-name") ?? spec.Labels?.GetValueOrDefault("app") ?? meta.Name,
            CanonicalRevision = spec.Labels?.GetValueOrDefault("service.istio.io/canonical-revision") ?? spec.Labels?.GetValueOrDefault("version") ?? "latest",
            WorkloadName = meta.Name,
            ClusterId = index.Options.ClusterId,
            Locality = new Locality(place[0], place.ElementAtOrDefault(1) ?? "", place.ElementAtOrDefault(2) ?? ""),
            Labels = Workload.NoLabels.SetItems(spec.Labels ?? new Dictionary<string, string>()),
            Capacity = spec.Weight is > 0 and { } weight ? weight : 1,
        };
    }
}
