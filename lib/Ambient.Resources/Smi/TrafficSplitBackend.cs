using System.ComponentModel;
using System.Text.Json.Nodes;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Smi;

[Open]
[Description("A service and its share.")]
public sealed record TrafficSplitBackend
{
    [Description("The service.")]
    public string? Service { get; init; }

    [Description("Share: a whole number, or in v1alpha1 a quantity such as 500m.")]
    [IntOrString]
    public JsonNode? Weight { get; init; }
}
