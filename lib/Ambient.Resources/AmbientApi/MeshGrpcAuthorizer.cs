using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.AmbientApi;

[Open]
[Description("An authorizer that is asked by gRPC.")]
public sealed record MeshGrpcAuthorizer
{
    [Description("Host name of the authorizer: a service of the mesh (also NAMESPACE/HOST), or of outside.")]
    [Limits(MaxLength = 317, Required = true)]
    public string? Service { get; init; }

    [Description("Port of the service.")]
    [Limits(Minimum = 1, Maximum = 65535, Required = true)]
    public int? Port { get; init; }

    [Description("Time for an answer; 10s when left out.")]
    [Limits(MaxLength = 64)]
    public string? Timeout { get; init; }

    [Description("Allows when there is no answer or a 5xx; refuses unless true.")]
    public bool? FailOpen { get; init; }

    [Description("Status for the client when there is no answer; 403 when left out.")]
    [Limits(MaxLength = 3)]
    public string? StatusOnError { get; init; }

    [Description("Shows the body.")]
    public MeshAuthorizerBody? IncludeRequestBodyInCheck { get; init; }
}
