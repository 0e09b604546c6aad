using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Telemetry;

[Open]
[Description("Where the value of a tag comes from; one of the fields.")]
public sealed record TelemetryCustomTag
{
    [Description("It is written.")]
    public TelemetryLiteral? Literal { get; init; }

    [Description("From the environment of the proxy.")]
    public TelemetryTagSource? Environment { get; init; }

    [Description("From a header of the request.")]
    public TelemetryTagSource? Header { get; init; }

    [Description("From a format string.")]
    public TelemetryLiteral? Formatter { get; init; }
}
