using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Telemetry;

[Resource("telemetry.istio.io", "Telemetry", "telemetries", "v1", "v1alpha1",
    ShortNames = ["telemetry"], Categories = ["istio-io", "telemetry-istio-io", "ambient"])]
[Description("Says what is logged, traced and measured.")]
public sealed record Telemetry
{
    [Description("Whom it is for and what is recorded.")]
    public TelemetrySpec? Spec { get; init; }
}
