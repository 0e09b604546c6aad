using System.ComponentModel;
using System.Text.Json.Nodes;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.GatewayApi;

[Open]
[Description("The Services and how their certificates are judged.")]
public sealed record BackendTLSPolicySpec
{
    [Description("The Services; with a sectionName one of their ports.")]
    [Limits(MaxItems = 16)]
    public IReadOnlyList<JsonObject>? TargetRefs { get; init; }

    [Description("Authorities, host and further names.")]
    public JsonObject? Validation { get; init; }

    [Description("Settings of an implementation.")]
    public JsonObject? Options { get; init; }
}
