using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Networking;

[Open]
[Description("A condition on a text; exactly one field.")]
public sealed record StringCondition
{
    [Description("The whole text.")]
    public string? Exact { get; init; }

    [Description("Its beginning.")]
    public string? Prefix { get; init; }

    [Description("A regular expression for the whole text.")]
    public string? Regex { get; init; }
}
