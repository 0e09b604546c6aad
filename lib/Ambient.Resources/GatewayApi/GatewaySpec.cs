using System.ComponentModel;
using System.Text.Json.Nodes;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.GatewayApi;

[Open]
[Description("Class, listeners and addresses.")]
public sealed record GatewaySpec
{
    [Description("The class.")]
    [Limits(MaxLength = 253, Required = true)]
    public string? GatewayClassName { get; init; }

    [Description("What it listens to.")]
    [Limits(MaxItems = 64)]
    public IReadOnlyList<GatewayListener>? Listeners { get; init; }

    [Description("Addresses asked for.")]
    public IReadOnlyList<JsonObject>? Addresses { get; init; }

    [Description("Labels, annotations and parameters of what is created.")]
    public JsonObject? Infrastructure { get; init; }

    [Description("Where further listeners may come from.")]
    public JsonObject? AllowedListeners { get; init; }

    [Description("TLS towards clients and backends.")]
    public JsonObject? Tls { get; init; }
}
