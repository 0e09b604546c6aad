using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Networking;

[Open]
[Description("Where the workload is and who it is.")]
public sealed record WorkloadEntrySpec
{
    [Description("IP address or DNS name.")]
    [Limits(MaxLength = 253)]
    public string? Address { get; init; }

    [Description("Port numbers by the names of the service's ports.")]
    [Limits(MaxItems = 256)]
    public IReadOnlyDictionary<string, int>? Ports { get; init; }

    [Description("Labels of the workload.")]
    [Limits(MaxItems = 256, MaxLength = 63)]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    [Description("Network that the address is in.")]
    [Limits(MaxLength = 253)]
    public string? Network { get; init; }

    [Description("region/zone/subzone.")]
    [Limits(MaxLength = 253)]
    public string? Locality { get; init; }

    [Description("Share of the traffic among endpoints.")]
    [Limits(Minimum = 0, Maximum = 4294967295)]
    public uint? Weight { get; init; }

    [Description("Service account of the workload.")]
    [Limits(MaxLength = 253)]
    public string? ServiceAccount { get; init; }
}
