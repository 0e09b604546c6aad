using System.ComponentModel;
using System.Text.Json.Nodes;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.GatewayApi;

[Open]
[Description("A backend and its share.")]
public sealed record BackendReference
{
    [Description("API group; empty for Service.")]
    [Limits(MaxLength = 253)]
    public string? Group { get; init; }

    [Description("Kind; Service when left out.")]
    [Limits(MaxLength = 63)]
    public string? Kind { get; init; }

    [Description("Namespace; the own one when left out.")]
    [Limits(MaxLength = 63)]
    public string? Namespace { get; init; }

    [Description("Name.")]
    [Limits(MaxLength = 253, Required = true)]
    public string? Name { get; init; }

    [Description("Port of the Service.")]
    [Limits(Minimum = 1, Maximum = 65535)]
    public int? Port { get; init; }

    [Description("Share; 1 when left out.")]
    [Limits(Minimum = 0, Maximum = 1000000)]
    public int? Weight { get; init; }

    [Description("Changes for this backend only.")]
    public IReadOnlyList<JsonObject>? Filters { get; init; }
}
