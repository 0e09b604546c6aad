namespace Ambient.Routing.Balancers;

/// <summary>An endpoint that says it is busy is taken for slow, so that a balancer by latency leaves it alone for a while.</summary>
public static class LoadPenalty
{
    public static readonly TimeSpan Least = TimeSpan.FromSeconds(5);

    public static readonly TimeSpan Most = TimeSpan.FromSeconds(300);

    /// <summary>What to add to the endpoint's latency.</summary>
    /// <param name="retryAfter">As the answer says, null when it does not.</param>
    public static TimeSpan Latency(TimeSpan measured, int status, int? grpcStatus, TimeSpan? retryAfter)
    {
        if (status != 429 && grpcStatus != 8)
        {
            return measured;
        }

        TimeSpan asked = retryAfter is { } after && after > Least ? (after < Most ? after : Most) : Least;
        return measured > asked ? measured : asked;
    }
}
