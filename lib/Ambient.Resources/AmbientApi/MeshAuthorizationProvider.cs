using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.AmbientApi;

[Open]
[Description("An external authorizer, as Istio's MeshConfig extensionProviders have it.")]
public sealed record MeshAuthorizationProvider
{
    [Description("Name that policies use.")]
    [Limits(MaxLength = 253, Required = true)]
    public string? Name { get; init; }

    [Description("Asked by HTTP. This or envoyExtAuthzGrpc.")]
    public MeshHttpAuthorizer? EnvoyExtAuthzHttp { get; init; }

    [Description("Asked by gRPC (envoy.service.auth.v3.Authorization).")]
    public MeshGrpcAuthorizer? EnvoyExtAuthzGrpc { get; init; }
}
