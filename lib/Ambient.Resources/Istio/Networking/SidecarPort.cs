using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Networking;

[Open]
[Description("A port of the destinations.")]
public sealed record SidecarPort
{
    [Description("Its number.")]
    [Limits(Minimum = 0, Maximum = 65535)]
    public int? Number { get; init; }

    [Description("What is spoken.")]
    public string? Protocol { get; init; }

    [Description("Its name.")]
    public string? Name { get; init; }
}
