using System.ComponentModel;
using System.Text.Json.Nodes;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.GatewayApi;

[Open]
[Description("The controller and its parameters.")]
public sealed record GatewayClassSpec
{
    [Description("The controller, as domain and path.")]
    [Limits(MaxLength = 253, Required = true)]
    public string? ControllerName { get; init; }

    [Description("An object with settings for the class.")]
    public JsonObject? ParametersRef { get; init; }

    [Description("For people.")]
    [Limits(MaxLength = 64)]
    public string? Description { get; init; }
}
