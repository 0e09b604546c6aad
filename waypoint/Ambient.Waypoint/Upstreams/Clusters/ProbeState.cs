namespace Ambient.Waypoint.Upstreams.Clusters;

/// <summary>What active checks say of one endpoint. Nothing is held against one that was never checked.</summary>
/// <param name="InRow">Checks in a row that speak against what is believed.</param>
/// <param name="Checks">All of them, 0: none yet.</param>
internal readonly record struct ProbeState(bool Failed, int InRow, long Checks)
{
    public ProbeState After(bool succeeded, int healthyThreshold, int unhealthyThreshold)
    {
        if (succeeded != Failed)
        {
            return new ProbeState(Failed, 0, Checks + 1); // as believed
        }

        int needed = Math.Max(1, Failed ? healthyThreshold : unhealthyThreshold);
        return InRow + 1 >= needed ? new ProbeState(!Failed, 0, Checks + 1) : new ProbeState(Failed, InRow + 1, Checks + 1);
    }

    public override string ToString() => Checks == 0 ? "not checked yet" : Failed ? "active checks fail" : "active checks succeed";
}
