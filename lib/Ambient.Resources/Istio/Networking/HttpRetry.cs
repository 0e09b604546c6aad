using System.ComponentModel;
using Ambient.Resources.Schemas;

namespace Ambient.Resources.Istio.Networking;

[Open]
[Description("When and how often to try again.")]
public sealed record HttpRetry
{
    [Description("Retries after the first attempt; 0 is none.")]
    public int? Attempts { get; init; }

    [Description("Time for one attempt.")]
    public string? PerTryTimeout { get; init; }

    [Description("Conditions and status codes, separated by commas.")]
    public string? RetryOn { get; init; }

    [Description("May go to other localities.")]
    public bool? RetryRemoteLocalities { get; init; }

    [Description("Avoids hosts that were tried.")]
    public bool? RetryIgnorePreviousHosts { get; init; }

    [Description("Least time between attempts.")]
    public string? Backoff { get; init; }
}
