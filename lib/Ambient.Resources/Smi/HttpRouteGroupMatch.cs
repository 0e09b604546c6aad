using System.ComponentModel;
using System.Text.Json.Nodes;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Smi;

[Open]
[Description("A condition on requests.")]
public sealed record HttpRouteGroupMatch
{
    [Description("Name that others refer to.")]
    public string? Name { get; init; }

    [Description("Methods; a star means all.")]
    public IReadOnlyList<string>? Methods { get; init; }

    [Description("Regular expression for the path.")]
    public string? PathRegex { get; init; }

    [Description("Headers and regular expressions for them.")]
    public JsonNode? Headers { get; init; }
}
