using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.AmbientApi;

[Open]
[Description("How much of a body an authorizer sees.")]
public sealed record MeshAuthorizerBody
{
    [Description("Bytes at most.")]
    [Limits(Minimum = 1, Maximum = 65536, Required = true)]
    public int? MaxRequestBytes { get; init; }

    [Description("Shows the beginning of a longer one; otherwise such a request gets 413.")]
    public bool? AllowPartialMessage { get; init; }

    [Description("For gRPC: the body is always sent as bytes, and as text beside when it is UTF-8.")]
    public bool? PackAsBytes { get; init; }
}
