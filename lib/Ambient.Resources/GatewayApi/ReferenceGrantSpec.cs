using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.GatewayApi;

[Open]
[Description("Who may refer to what.")]
public sealed record ReferenceGrantSpec
{
    [Description("Who may.")]
    [Limits(MaxItems = 16)]
    public IReadOnlyList<GrantFrom>? From { get; init; }

    [Description("To what.")]
    [Limits(MaxItems = 16)]
    public IReadOnlyList<GrantTo>? To { get; init; }
}
