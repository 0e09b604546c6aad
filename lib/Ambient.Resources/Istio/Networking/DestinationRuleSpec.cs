using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Networking;

[Open]
[Description("The host and the policies for it.")]
public sealed record DestinationRuleSpec
{
    [Description("Host name of the service.")]
    public string? Host { get; init; }

    [Description("Policies for all subsets and ports that do not say otherwise.")]
    public TrafficPolicy? TrafficPolicy { get; init; }

    [Description("Named groups of endpoints.")]
    public IReadOnlyList<Subset>? Subsets { get; init; }

    [Description("Namespaces that the rule is visible in.")]
    public IReadOnlyList<string>? ExportTo { get; init; }

    [Description("Clients that the rule is for.")]
    public WorkloadSelector? WorkloadSelector { get; init; }
}
