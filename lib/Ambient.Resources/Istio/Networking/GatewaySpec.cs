using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Networking;

[Open]
[Description("The gateway and its servers.")]
public sealed record GatewaySpec
{
    [Description("Labels of the gateway's pods.")]
    public IReadOnlyDictionary<string, string>? Selector { get; init; }

    [Description("What it serves.")]
    public IReadOnlyList<GatewayServer>? Servers { get; init; }
}
