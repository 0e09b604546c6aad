using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.GatewayApi;

[Resource("gateway.networking.k8s.io", "ListenerSet", "listenersets", "v1",
    ShortNames = ["lset"], Categories = ["gateway-api", "ambient"])]
[Column("Accepted", ".status.conditions[?(@.type==\"Accepted\")].status")]
[Column("Programmed", ".status.conditions[?(@.type==\"Programmed\")].status")]
[Description("Adds listeners to a Gateway that takes them.")]
public sealed record ListenerSet
{
    [Description("The Gateway and the listeners.")]
    public ListenerSetSpec? Spec { get; init; }
}
