using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Security;

[Open]
[Description("A mode of mutual TLS.")]
public sealed record MutualTls
{
    [Description("UNSET inherits from the wider scope; PERMISSIVE and DISABLE accept plaintext as well; STRICT refuses it.")]
    [OneOf("UNSET", "DISABLE", "PERMISSIVE", "STRICT")]
    public string? Mode { get; init; }
}
