using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.AmbientApi;

[Open]
[Description("How ports without a declared protocol are treated.")]
public sealed record MeshProtocolDetection
{
    [Description("Time to wait for the first bytes.")]
    [Limits(MaxLength = 64)]
    public string? Timeout { get; init; }

    [Description("Ports that are never looked into.")]
    [Limits(MaxItems = 256)]
    public IReadOnlyList<int>? OpaquePorts { get; init; }
}
