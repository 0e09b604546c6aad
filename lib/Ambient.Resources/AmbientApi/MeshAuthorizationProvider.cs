using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.AmbientApi;

[Open]
[Description("An external authorizer.")]
public sealed record MeshAuthorizationProvider
{
    [Description("Name that policies use.")]
    [Limits(MaxLength = 253, Required = true)]
    public string? Name { get; init; }

    [Description("host:port.")]
    [Limits(MaxLength = 260, Required = true)]
    public string? Address { get; init; }

    [Description("What it speaks.")]
    [OneOf("GRPC", "HTTP")]
    public string? Protocol { get; init; }

    [Description("Time for an answer.")]
    [Limits(MaxLength = 64)]
    public string? Timeout { get; init; }

    [Description("Allows when there is no answer; denies unless true.")]
    public bool? FailOpen { get; init; }
}
