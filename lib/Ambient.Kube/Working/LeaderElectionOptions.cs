namespace Ambient.Kube.Working;

/// <summary>client-go's times: the deadline is shorter than the lease, the retry shorter than the deadline.</summary>
public sealed record LeaderElectionOptions
{
    /// <summary>A lease that nobody renewed for so long, as seen here, may be taken.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A leader that could not renew for so long stops leading, before others may start.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);
}
