using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Telemetry;

[Open]
[Description("What becomes of a label.")]
public sealed record TelemetryTagOverride
{
    [Description("UPSERT or REMOVE.")]
    [OneOf("UPSERT", "REMOVE")]
    public string? Operation { get; init; }

    [Description("An expression over the request, for UPSERT.")]
    [Limits(MaxLength = 2000)]
    public string? Value { get; init; }
}
