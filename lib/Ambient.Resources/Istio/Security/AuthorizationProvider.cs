using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Security;

[Open]
[Description("Names an external authorizer.")]
public sealed record AuthorizationProvider
{
    [Description("Name of the authorizer as the mesh settings give it.")]
    public string? Name { get; init; }
}
