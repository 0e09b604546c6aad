using System.ComponentModel;
using System.Text.Json.Nodes;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Networking;

[Open]
[Description("A port, its protocol and its hosts.")]
public sealed record GatewayServer
{
    [Description("A name.")]
    public string? Name { get; init; }

    [Description("Number, name and protocol.")]
    public JsonObject? Port { get; init; }

    [Description("Address to listen on.")]
    public string? Bind { get; init; }

    [Description("Host names, perhaps with a namespace before a slash.")]
    public IReadOnlyList<string>? Hosts { get; init; }

    [Description("TLS settings.")]
    public JsonObject? Tls { get; init; }

    [Description("Local endpoint that traffic goes to.")]
    public string? DefaultEndpoint { get; init; }
}
