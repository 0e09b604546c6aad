using System.Net;
using Ambient.Core.Identity;
using Ambient.Waypoint.Hosting;

namespace Ambient.Waypoint.Tests.Lab;

/// <summary>A waypoint in this process.</summary>
internal sealed class TestWaypoint(WaypointNode node, WaypointParts parts, IPAddress address, SpiffeId identity) : IAsyncDisposable
{
    private int _disposed;

    internal WaypointNode Node => node;

    internal WaypointParts Parts => parts;

    internal IPAddress Address => address;

    internal SpiffeId Identity => identity;

    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _disposed, 1) == 0 ? node.DisposeAsync() : ValueTask.CompletedTask;
}
