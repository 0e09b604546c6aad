using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.AmbientApi;

[Open]
[Description("Retries where nothing else says so.")]
public sealed record MeshRetries
{
    [Description("Retries after the first attempt.")]
    [Limits(Minimum = 0, Maximum = 100)]
    public int? Attempts { get; init; }

    [Description("Conditions.")]
    [Limits(MaxItems = 32, MaxLength = 64)]
    public IReadOnlyList<string>? On { get; init; }

    [Description("Time for one attempt.")]
    [Limits(MaxLength = 64)]
    public string? PerTryTimeout { get; init; }
}
