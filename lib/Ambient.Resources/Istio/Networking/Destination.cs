using System.ComponentModel;
using System.Text.Json.Nodes;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Networking;

[Open]
[Description("A service, and perhaps a subset of its endpoints.")]
public sealed record Destination
{
    [Description("Host name of the service.")]
    public string? Host { get; init; }

    [Description("Name of a subset of a DestinationRule.")]
    public string? Subset { get; init; }

    [Description("Port of the service: number.")]
    public JsonObject? Port { get; init; }
}
