using System.ComponentModel;
using System.Text.Json.Nodes;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Networking;

[Open]
[Description("Which requests, and where they go.")]
public sealed record VirtualServiceSpec
{
    [Description("Host names that the routes are for; a short name is one of the own namespace.")]
    public IReadOnlyList<string>? Hosts { get; init; }

    [Description("Gateways that use the routes; mesh means the sidecarless mesh itself, which is also the default.")]
    public IReadOnlyList<string>? Gateways { get; init; }

    [Description("Routes for HTTP; the first that matches wins.")]
    public IReadOnlyList<HttpRouteRule>? Http { get; init; }

    [Description("Routes for TLS by server name.")]
    public IReadOnlyList<JsonObject>? Tls { get; init; }

    [Description("Routes for TCP by address and port.")]
    public IReadOnlyList<JsonObject>? Tcp { get; init; }

    [Description("Namespaces that the routes are visible in.")]
    public IReadOnlyList<string>? ExportTo { get; init; }
}
