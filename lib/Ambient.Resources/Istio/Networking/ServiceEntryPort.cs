using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Networking;

[Open]
[Description("A port of a host.")]
public sealed record ServiceEntryPort
{
    [Description("The port that is called.")]
    [Limits(Minimum = 1, Maximum = 65535, Required = true)]
    public int? Number { get; init; }

    [Description("A name that endpoints map.")]
    [Limits(MaxLength = 256, Required = true)]
    public string? Name { get; init; }

    [Description("What is spoken: HTTP, HTTPS, HTTP2, GRPC, TCP, TLS, MONGO.")]
    [Limits(MaxLength = 64)]
    public string? Protocol { get; init; }

    [Description("Port of the endpoints, when it is another.")]
    [Limits(Minimum = 1, Maximum = 65535)]
    public int? TargetPort { get; init; }
}
