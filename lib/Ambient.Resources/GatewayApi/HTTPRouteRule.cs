using System.ComponentModel;
using System.Text.Json.Nodes;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.GatewayApi;

[Open]
[Description("Conditions, changes and backends.")]
public sealed record HTTPRouteRule
{
    [Description("Name of the rule.")]
    [Limits(MaxLength = 253)]
    public string? Name { get; init; }

    [Description("Conditions; one must hold.")]
    [Limits(MaxItems = 64)]
    public IReadOnlyList<JsonObject>? Matches { get; init; }

    [Description("Changes to request and response.")]
    [Limits(MaxItems = 16)]
    public IReadOnlyList<JsonObject>? Filters { get; init; }

    [Description("Times for the request and for one attempt.")]
    public JsonObject? Timeouts { get; init; }

    [Description("When and how often to try again.")]
    public JsonObject? Retry { get; init; }

    [Description("Keeps a client at one backend.")]
    public JsonObject? SessionPersistence { get; init; }

    [Description("Backends, by weight.")]
    [Limits(MaxItems = 16)]
    public IReadOnlyList<BackendReference>? BackendRefs { get; init; }
}
