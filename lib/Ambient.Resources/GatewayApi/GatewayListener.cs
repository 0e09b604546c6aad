using System.ComponentModel;
using System.Text.Json.Nodes;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.GatewayApi;

[Open]
[Description("A port, its protocol and its host.")]
public sealed record GatewayListener
{
    [Description("Name that routes refer to.")]
    [Limits(MaxLength = 253, Required = true)]
    public string? Name { get; init; }

    [Description("Host that requests must be for.")]
    [Limits(MaxLength = 253)]
    public string? Hostname { get; init; }

    [Description("The port.")]
    [Limits(Minimum = 1, Maximum = 65535, Required = true)]
    public int? Port { get; init; }

    [Description("HTTP, HTTPS, TLS, TCP, UDP or HBONE.")]
    [Limits(MaxLength = 255, Required = true)]
    public string? Protocol { get; init; }

    [Description("TLS settings.")]
    public JsonObject? Tls { get; init; }

    [Description("Routes that may attach.")]
    public JsonObject? AllowedRoutes { get; init; }
}
