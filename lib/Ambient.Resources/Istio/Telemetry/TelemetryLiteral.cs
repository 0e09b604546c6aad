using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Telemetry;

[Open]
[Description("A value.")]
public sealed record TelemetryLiteral
{
    [Description("The value.")]
    [Limits(MaxLength = 1024, Required = true)]
    public string? Value { get; init; }
}
