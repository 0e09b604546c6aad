using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Telemetry;

[Open]
[Description("What is logged.")]
public sealed record TelemetryAccessLogging
{
    [Description("On which side.")]
    public TelemetryMatch? Match { get; init; }

    [Description("Where the lines go.")]
    [Limits(MaxItems = 16)]
    public IReadOnlyList<TelemetryProvider>? Providers { get; init; }

    [Description("Is not logged.")]
    public bool? Disabled { get; init; }

    [Description("Which requests.")]
    public TelemetryLogFilter? Filter { get; init; }
}
