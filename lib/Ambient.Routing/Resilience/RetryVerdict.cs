namespace Ambient.Routing.Resilience;

/// <param name="Reason">Why (not), for the access log.</param>
public readonly record struct RetryVerdict(bool Retry, string Reason)
{
    /// <summary>The reason when nothing speaks for a retry.</summary>
    public const string NoCondition = "no retry condition holds";
}
