using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Telemetry;

[Open]
[Description("On which side of a request.")]
public sealed record TelemetryMatch
{
    [Description("CLIENT, SERVER or both.")]
    [OneOf("CLIENT_AND_SERVER", "CLIENT", "SERVER")]
    public string? Mode { get; init; }
}
