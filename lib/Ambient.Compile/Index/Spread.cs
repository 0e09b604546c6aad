namespace Ambient.Compile.Index;

/// <summary>How many workloads a policy applies to, apart by whether a waypoint stands before them.</summary>
internal readonly record struct Spread(int Direct, int BehindWaypoint)
{
    public bool IsEmpty => Direct == 0 && BehindWaypoint == 0;

    /// <summary>What a policy's output depends on: not the numbers.</summary>
    public (bool Direct, bool BehindWaypoint) Shape => (Direct > 0, BehindWaypoint > 0);
}
