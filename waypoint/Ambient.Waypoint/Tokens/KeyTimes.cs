namespace Ambient.Waypoint.Tokens;

/// <summary>How often keys are fetched. Each wait is varied by a tenth, so that many waypoints do not ask at once.</summary>
internal sealed record KeyTimes
{
    /// <summary>After a set was fetched.</summary>
    public TimeSpan Refresh { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>After a fetch failed; doubled with each failure up to <see cref="RetryAtMost"/>.</summary>
    public TimeSpan Retry { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan RetryAtMost { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Between a fetch and the next one, however many tokens name keys that nobody has.</summary>
    public TimeSpan AtLeast { get; init; } = TimeSpan.FromSeconds(10);
}
