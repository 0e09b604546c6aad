using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Compile.Reports;
using Ambient.Compile.Services;
using Ambient.Resources.Istio.Networking;

namespace Ambient.Compile.Sources;

/// <summary>A ServiceEntry; the spec is null when there never was a good version. <paramref name="Allocated"/>: addresses of its status.</summary>
internal sealed record ServiceEntrySource(
    SourceMeta Meta, ServiceEntrySpec? Spec, ImmutableArray<AllocatedAddress> Allocated, Refusal? Refusal, ImmutableArray<Finding> Notes)
{
    public IReadOnlyList<string> Hosts => Spec?.Hosts ?? [];

    public IReadOnlyDictionary<string, string>? Selector => Spec?.WorkloadSelector?.Labels;

    public static ServiceEntrySource Read(JsonObject manifest, SourceMeta meta, ServiceEntrySource? old)
    {
        var (spec, refusal, notes) = ResourceChecks.Read<ServiceEntrySpec>(manifest["spec"], meta, old?.Spec is not null, s => Check(s, meta));
        var allocated = new JsonView(manifest, "")["status"].List("addresses")
            .Select(static a => IpText.TryAddress(a.Text("value"), out var address) && AutoAddress.IsOurs(address) ? new AllocatedAddress(address, a.Text("host")) : null);
        return new ServiceEntrySource(meta, spec ?? old?.Spec, [.. allocated.OfType<AllocatedAddress>()], refusal, notes);
    }

    private static IEnumerable<Finding> Check(ServiceEntrySpec spec, SourceMeta meta)
    {
        for (int i = 0; i < (spec.Hosts?.Count ?? 0); i++)
        {
            string host = spec.Hosts![i];
            if (Uri.CheckHostName(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host) != UriHostNameType.Dns)
            {
                yield return SecurityChecks.Error(meta, FindingCodes.InvalidField, $"spec.hosts[{i}]", $"'{host}' is not a host name");
            }
        }

        if (spec is { Resolution: "DYNAMIC_DNS", Location: "MESH_INTERNAL" })
        {
            yield return SecurityChecks.Error(meta, FindingCodes.InvalidField, "spec.location", "must be MESH_EXTERNAL with resolution DYNAMIC_DNS");
        }

        if (spec.Resolution is "DYNAMIC_DNS" && (spec.Endpoints is { Count: > 0 } || spec.WorkloadSelector is not null))
        {
            yield return SecurityChecks.Error(meta, FindingCodes.InvalidField, "spec.endpoints", "have no meaning with resolution DYNAMIC_DNS: the host that a request asks for is the endpoint");
        }

        for (int i = 0; i < (spec.Addresses?.Count ?? 0); i++)
        {
            if (!IpText.TryRange(spec.Addresses![i], out _))
            {
                yield return SecurityChecks.Error(meta, FindingCodes.InvalidField, $"spec.addresses[{i}]", $"'{spec.Addresses[i]}' is neither an IP address nor a CIDR");
            }
        }

        if (spec.WorkloadSelector is not null && spec.Endpoints is { Count: > 0 })
        {
            yield return SecurityChecks.Error(meta, FindingCodes.InvalidField, "spec.workloadSelector", "cannot stand together with endpoints");
        }

        for (int i = 0; i < (spec.Endpoints?.Count ?? 0); i++)
        {
            string path = $"spec.endpoints[{i}]";
            foreach (var problem in WorkloadEntrySource.Check(spec.Endpoints![i], meta, path))
            {
                yield return problem;
            }

            if (spec.Resolution == "STATIC" && !IpText.TryAddress(spec.Endpoints[i].Address ?? "", out _))
            {
                yield return SecurityChecks.Error(meta, FindingCodes.InvalidField, $"{path}.address", "must be an IP address when resolution is STATIC");
            }
        }
    }
}
