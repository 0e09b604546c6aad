using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.AmbientApi;

[Open]
[Description("What is logged of connections and requests.")]
public sealed record MeshAccessLog
{
    [Description("On unless false.")]
    public bool? Enabled { get; init; }

    [Description("TEXT or JSON.")]
    [OneOf("TEXT", "JSON")]
    public string? Format { get; init; }
}
