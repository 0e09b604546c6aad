using System.ComponentModel;
using System.Text.Json.Nodes;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Networking;

[Open]
[Description("What happens to unknown destinations.")]
public sealed record SidecarOutbound
{
    [Description("REGISTRY_ONLY refuses what is not known and seen; ALLOW_ANY lets it out.")]
    [OneOf("REGISTRY_ONLY", "ALLOW_ANY")]
    public string? Mode { get; init; }

    [Description("Has no effect here: bind a waypoint to the ServiceEntries instead.")]
    public JsonObject? EgressProxy { get; init; }
}
