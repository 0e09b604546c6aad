using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Telemetry;

[Open]
[Description("Which requests are logged.")]
public sealed record TelemetryLogFilter
{
    [Description("A condition over the request.")]
    [Limits(MaxLength = 2000, Required = true)]
    public string? Expression { get; init; }
}
