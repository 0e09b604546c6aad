using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Networking;

[Open]
[Description("The hosts, their ports and where they are.")]
public sealed record ServiceEntrySpec
{
    [Description("Host names; the first names the service.")]
    [Limits(MaxItems = 256, MaxLength = 253, Required = true)]
    public IReadOnlyList<string>? Hosts { get; init; }

    [Description("Addresses or CIDRs by which the hosts are called.")]
    [Limits(MaxItems = 256, MaxLength = 64)]
    public IReadOnlyList<string>? Addresses { get; init; }

    [Description("Ports of the hosts.")]
    [Limits(MaxItems = 256)]
    public IReadOnlyList<ServiceEntryPort>? Ports { get; init; }

    [Description("Whether the hosts are part of the mesh.")]
    [OneOf("MESH_EXTERNAL", "MESH_INTERNAL")]
    public string? Location { get; init; }

    [Description("How an endpoint is found.")]
    [OneOf("NONE", "STATIC", "DNS", "DNS_ROUND_ROBIN", "DYNAMIC_DNS")]
    public string? Resolution { get; init; }

    [Description("Endpoints. Not together with workloadSelector.")]
    [Limits(MaxItems = 4096)]
    public IReadOnlyList<WorkloadEntrySpec>? Endpoints { get; init; }

    [Description("Pods and WorkloadEntries of the own namespace as endpoints.")]
    public EntrySelector? WorkloadSelector { get; init; }

    [Description("Namespaces that the hosts are visible in.")]
    public IReadOnlyList<string>? ExportTo { get; init; }

    [Description("Identities that endpoints may present.")]
    [Limits(MaxItems = 256, MaxLength = 2048)]
    public IReadOnlyList<string>? SubjectAltNames { get; init; }
}
