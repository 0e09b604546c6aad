using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.Reading;

/// <summary>
/// A destination as written: where it leads is decided when the table is made. <paramref name="Port"/> 0: the service's only port, else the one
/// that was called. <paramref name="Path"/>: its field, for messages.
/// </summary>
internal sealed record WrittenDestination(string Path, string Host, string? Subset, int Port)
{
    public uint Weight { get; init; } = 1;

    /// <summary>It is there on the port that was called or not at all (TrafficSplit).</summary>
    public bool KeepsPort { get; init; }

    /// <summary>The reference of a Gateway API route; null for the other formats.</summary>
    public BackendSource? Backend { get; init; }

    public HeaderChange RequestHeaders { get; init; } = HeaderChange.None;

    public HeaderChange ResponseHeaders { get; init; } = HeaderChange.None;
}
