using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Telemetry;

[Open]
[Description("Names a provider of the mesh.")]
public sealed record TelemetryProvider
{
    [Description("Name of the provider.")]
    [Limits(MaxLength = 253, Required = true)]
    public string? Name { get; init; }
}
