using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Networking;

[Open]
[Description("What is reached, on one port or on all.")]
public sealed record SidecarEgress
{
    [Description("The port meant; left out: all that have no entry of their own.")]
    public SidecarPort? Port { get; init; }

    [Description("Where a sidecar would listen; has no meaning here.")]
    public string? Bind { get; init; }

    [Description("How a sidecar would capture; has no meaning here.")]
    [OneOf("DEFAULT", "IPTABLES", "NONE")]
    public string? CaptureMode { get; init; }

    [Description("NAMESPACE/HOST: the namespace a name, . for the own, * for any or ~ for none; the host exact, *.example.com or *.")]
    [Limits(MaxItems = 1024, MaxLength = 320, Required = true)]
    public IReadOnlyList<string>? Hosts { get; init; }
}
