using System.ComponentModel;
using System.Text.Json.Nodes;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Linkerd;

[Open]
[Description("The routes.")]
public sealed record ServiceProfileSpec
{
    [Description("Routes; the first that matches wins.")]
    public IReadOnlyList<ServiceProfileRoute>? Routes { get; init; }

    [Description("Share of requests that may be retries.")]
    public JsonObject? RetryBudget { get; init; }

    [Description("Splits the traffic among other hosts.")]
    public IReadOnlyList<JsonObject>? DstOverrides { get; init; }

    [Description("Ports that are not looked into.")]
    public IReadOnlyList<string>? OpaquePorts { get; init; }
}
