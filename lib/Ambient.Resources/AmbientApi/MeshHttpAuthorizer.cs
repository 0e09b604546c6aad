using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.AmbientApi;

[Open]
[Description("An authorizer that is asked by HTTP.")]
public sealed record MeshHttpAuthorizer
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

    [Description("Stands before the path of the request in question.")]
    [Limits(MaxLength = 1024)]
    public string? PathPrefix { get; init; }

    [Description("Headers that are shown, beside authorization; a star may stand at one end.")]
    [Limits(MaxItems = 64, MaxLength = 256)]
    public IReadOnlyList<string>? IncludeRequestHeadersInCheck { get; init; }

    [Description("Headers with fixed values that are shown beside.")]
    [Limits(MaxItems = 64, MaxLength = 1024)]
    public IReadOnlyDictionary<string, string>? IncludeAdditionalHeadersInCheck { get; init; }

    [Description("Headers of an allowing answer that the request gets.")]
    [Limits(MaxItems = 64, MaxLength = 256)]
    public IReadOnlyList<string>? HeadersToUpstreamOnAllow { get; init; }

    [Description("Headers of an allowing answer that the client gets.")]
    [Limits(MaxItems = 64, MaxLength = 256)]
    public IReadOnlyList<string>? HeadersToDownstreamOnAllow { get; init; }

    [Description("Headers of a refusing answer that the client gets; all when left out.")]
    [Limits(MaxItems = 64, MaxLength = 256)]
    public IReadOnlyList<string>? HeadersToDownstreamOnDeny { get; init; }
}
