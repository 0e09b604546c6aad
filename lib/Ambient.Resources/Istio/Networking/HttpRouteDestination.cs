using System.ComponentModel;
using System.Text.Json.Nodes;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Networking;

[Open]
[Description("A destination and its share.")]
public sealed record HttpRouteDestination
{
    [Description("Where to.")]
    public Destination? Destination { get; init; }

    [Description("Share among the destinations of the route.")]
    public int? Weight { get; init; }

    [Description("Headers to set, add and remove.")]
    public JsonObject? Headers { get; init; }
}
