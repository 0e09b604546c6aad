using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Networking;

[Open]
[Description("A named group of a service's endpoints.")]
public sealed record Subset
{
    [Description("The name that routes use.")]
    public string? Name { get; init; }

    [Description("Labels of the endpoints.")]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    [Description("Policies for the group.")]
    public TrafficPolicy? TrafficPolicy { get; init; }
}
