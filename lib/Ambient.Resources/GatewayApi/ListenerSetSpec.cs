using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.GatewayApi;

[Open]
[Description("The Gateway and the listeners.")]
public sealed record ListenerSetSpec
{
    [Description("The Gateway; its allowedListeners decide.")]
    [Limits(Required = true)]
    public ParentGatewayReference? ParentRef { get; init; }

    [Description("What the Gateway listens to beside its own listeners.")]
    [Limits(MaxItems = 64, Required = true)]
    public IReadOnlyList<GatewayListener>? Listeners { get; init; }
}
