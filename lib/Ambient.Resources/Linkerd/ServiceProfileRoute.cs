using System.ComponentModel;
using System.Text.Json.Nodes;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Linkerd;

[Open]
[Description("A route of a service.")]
public sealed record ServiceProfileRoute
{
    [Description("Name for telemetry.")]
    public string? Name { get; init; }

    [Description("Requests that belong to it.")]
    public JsonObject? Condition { get; init; }

    [Description("Which responses are failures.")]
    public IReadOnlyList<JsonObject>? ResponseClasses { get; init; }

    [Description("May be tried again.")]
    public bool? IsRetryable { get; init; }

    [Description("Time for the request.")]
    public string? Timeout { get; init; }

    [Description("Limit and time of retries.")]
    public JsonObject? Retries { get; init; }
}
