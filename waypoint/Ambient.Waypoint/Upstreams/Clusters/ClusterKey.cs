namespace Ambient.Waypoint.Upstreams.Clusters;

/// <summary>A service's port, and of its endpoints those of a subset.</summary>
/// <param name="Service">Key of the service; the uid of a workload that was addressed itself.</param>
internal readonly record struct ClusterKey(string Service, int Port, string? Subset)
{
    public override string ToString() => $"{Service}:{Port}{(Subset is null ? "" : $" subset {Subset}")}";
}
